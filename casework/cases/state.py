"""The protected state column. django-fsm's own mixin unprotects a field for all threads while it refreshes;
this one does so for the one instance only."""
from typing import Any

from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, FSMFieldDescriptor


class _Descriptor(FSMFieldDescriptor):
    def __set__(self, instance: Any, value: Any) -> None:
        field = self.field
        if field.protected and field.name in instance.__dict__ and not instance.__dict__.get("_state_loading"):
            raise AttributeError(f"Direct {field.name} modification is not allowed")
        field.set_proxy(instance, value)
        field.set_state(instance, value)


class StateField(FSMField):
    """A state that only a transition method may change."""

    descriptor_class = _Descriptor


class StatefulModel(ConcurrentTransitionMixin, models.Model):
    """Base of models with a StateField."""

    class Meta:
        abstract = True

    def _get_protected_fsm_fields(self) -> set[str]:
        return set()

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Reload the row, letting the loader set the protected field of this instance."""
        self.__dict__["_state_loading"] = True
        try:
            super().refresh_from_db(*args, **kwargs)
        finally:
            self.__dict__.pop("_state_loading", None)

    def saved(self) -> None:
        """The row was written by other means than save(); what it holds now is what the next change starts from."""
        self._update_initial_state()

    def clean_fields(self, exclude: Any = None) -> None:
        """Validate every field but the protected states."""
        super().clean_fields(exclude=set(exclude or ()) | {f.name for f in self.state_fields})
