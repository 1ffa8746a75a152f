"""From a programme's folder, or its published content, to a Programme. Faults name file, line, key and the mend."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from casework.forms.spec import FormFault, FormSpec, load_form
from casework.programmes import dated, paper_parts, parts, reading, renewing, route_parts
from casework.programmes.checks import CHECKS
from casework.programmes.models import ProgrammeVersion
from casework.programmes.reading import ProgrammeFault
from casework.programmes.spec import PaperNeed, Programme

__all__ = ["ProgrammeFault", "build", "load_catalogue", "programme_of"]

try:  # ten times faster where the library was built with it
    from yaml import CSafeLoader as _SafeLoader
except ImportError:
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

CATALOGUE = Path(__file__).parent / "catalogue"
KEYS = {
    "key",
    "version",
    "life",
    "family",
    "title",
    "summary",
    "who",
    "papers",
    "eligibility",
    "total",
    "route",
    "numbers",
    "needs",
    "classify",
    "award",
    "check",
    "fund",
    "exclusive_year",
    "how_much",
    "facts",
    "start",
    "for_unit",
    "anonymous",
    "open",
    "once",
    "gives",
    "channels",
    "figures",
    "retention",
    "letters",
    "told",
    "ends",
    "renews",
    "begins_with",
    "re_examines",
}
NEEDED = ("key", "version", "title", "summary", "total", "route", "papers")


class _Lines(_SafeLoader):
    """A safe loader that refuses keys given twice."""


def _mapping(loader: _Lines, node: yaml.MappingNode) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node))
        if key in pairs:
            raise ProgrammeFault(
                f"line {key_node.start_mark.line + 1}", f"键 {key} 写了两次：请去掉一个",
                f"the key {key} is given twice: remove one",
            )
        pairs[key] = loader.construct_object(value_node, deep=True)
    return pairs


_Lines.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# yes/no/on/off stay words; only true and false are booleans.
_Lines.yaml_implicit_resolvers = {
    sign: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _boolean(loader: _Lines, node: yaml.ScalarNode) -> bool:
    return loader.construct_scalar(node) == "true"


_Lines.add_constructor("!bool", _boolean)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def read_yaml(path: Path) -> dict[str, Any]:
    """One YAML file. Raises ProgrammeFault with file and line."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), _Lines)  # noqa: S506  a subclass of SafeLoader
    except ProgrammeFault as fault:
        raise ProgrammeFault(f"{path.name} {fault.where}", *fault.message) from fault
    except FileNotFoundError as error:
        raise ProgrammeFault(
            path.name, "缺少这个文件：每项服务都有 programme.yaml 和 form.yaml",
            "this file is missing: a service has programme.yaml and form.yaml",
        ) from error
    except UnicodeDecodeError as error:
        raise ProgrammeFault(
            path.name, f"不是 UTF-8 编码：第 {error.start + 1} 个字节", f"not readable as UTF-8: byte {error.start + 1}"
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        what = getattr(error, "problem", error)
        raise ProgrammeFault(
            f"{path.name}{line}", f"不是正确的 YAML：{what}", f"not readable as YAML: {what}"
        ) from error
    if not isinstance(data, dict):
        raise ProgrammeFault(path.name, "文件内容要写成键和值", "the file must hold keys with values")
    plain: dict[str, Any] = _plain(data)
    return plain


def content_of(folder: Path) -> dict[str, Any]:
    """The whole programme as JSON-able data: what is frozen when it is published. Raises ProgrammeFault."""
    data = read_yaml(folder / "programme.yaml")
    form = folder / "form.yaml"
    if "like" not in data:
        return {"programme": data, "form": read_yaml(form)}
    model = _model(folder, data.pop("like"))
    form = form if form.exists() else model / "form.yaml"
    return {"programme": _over(read_yaml(model / "programme.yaml"), data), "form": read_yaml(form)}


def _model(folder: Path, key: Any) -> Path:
    """The folder of the programme that another is `like`: it holds only what differs, and no form.yaml where the form
    is the same; one level deep, so that nobody has to search."""
    where = f"{folder.name}/programme.yaml like"
    model = folder.parent / str(key)
    if not (model / "programme.yaml").exists():
        raise ProgrammeFault(where, f"没有服务 {key}", f"there is no programme {key}")
    if "like" in read_yaml(model / "programme.yaml"):
        raise ProgrammeFault(
            where, f"{key} 自己也是仿照别的服务写的：请直接写那一个", f"{key} is itself like another: name that one"
        )
    return model


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Own values over those of the base, key by key inside mappings; an empty value takes the key away."""
    found = dict(base)
    for key, value in own.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), Mapping) and set(value) != {"zh", "en"}:
            found[key] = _over(base[key], value)
        elif value is None:
            found.pop(key, None)
        else:
            found[key] = value
    return found


def hash_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content as it is frozen: the order of steps and choices counts."""
    return hashlib.sha256(frozen(content)["text"].encode()).hexdigest()


def frozen(content: Mapping[str, Any]) -> dict[str, str]:
    """The content as its row keeps it: as text, for PostgreSQL forgets the order of the keys of a JSON object."""
    return {"text": json.dumps(content, ensure_ascii=False)}


def build(content: Mapping[str, Any]) -> Programme:
    """A Programme from its content. Raises ProgrammeFault."""
    data = content["programme"]
    where = f"{data.get('key', '?')}/programme.yaml"
    reading.only(data, KEYS, where)
    missing = [key for key in NEEDED if key not in data]
    if missing:
        raise ProgrammeFault(where, f"缺少：{', '.join(missing)}", f"missing: {', '.join(missing)}")
    try:
        form = load_form(content["form"], f"{data['key']}/form.yaml")
    except FormFault as fault:
        raise ProgrammeFault(fault.where, *fault.message) from fault
    life = parts.life(data.get("life", "application"), where)
    papers = paper_parts.papers(data["papers"], where)
    return Programme(
        key=data["key"],
        version=reading.whole(data["version"], f"{where} version"),
        life=life,
        family=data.get("family", "aid"),
        title=reading.words(data, "title", where),
        summary=reading.words(data, "summary", where),
        who=reading.several(data, "who", where),
        form=_with_dates(form, papers, data["key"]),
        papers=papers,
        eligibility=parts.eligibility(data.get("eligibility", ()), where),
        clock=parts.clock(data["total"], where),
        route=route_parts.route(data["route"], where, life),
        numbers=tuple(data.get("numbers", ())),
        needs=parts.needs(data.get("needs"), where),
        classify=parts.rule(data.get("classify", ""), f"{where} classify", "classify", data.get("numbers", ())),
        award=parts.rule(data.get("award", ""), f"{where} award", "award", data.get("numbers", ())),
        check=parts.check(data.get("check", ""), f"{where} check"),
        fund_purpose=data.get("fund", ""),
        exclusive_year=bool(data.get("exclusive_year")),
        how_much=reading.words(data, "how_much", where, needed=False),
        **_more(data, where),
    )


def _with_dates(form: FormSpec, papers: tuple[PaperNeed, ...], key: str) -> FormSpec:
    taken = dated.taken(form, papers)
    if taken:
        raise ProgrammeFault(
            f"{key}/form.yaml", f"问题 {taken} 由系统自动加上，用来填材料的日期：您的问题请另取一个键",
            f"the question {taken} is made by itself, for the date of a paper: give yours another key",
        )
    return dated.with_dates(form, papers)


def _more(data: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The parts that most programmes do without."""
    return {
        "facts": reading.names(data.get("facts", ()), f"{where} facts"),
        "start": parts.starters(data.get("start"), where),
        "for_unit": bool(data.get("for_unit")),
        "anonymous": bool(data.get("anonymous")),
        "window": parts.window(data.get("open"), where),
        "once": parts.once(data.get("once"), where),
        "gives": parts.gives(data.get("gives"), where),
        "channels": parts.channels(data.get("channels"), where),
        "figures": reading.names(data.get("figures", ()), f"{where} figures"),
        "retention": parts.retention(data.get("retention"), where),
        "letters": parts.letters(data.get("letters"), where),
        "told": reading.names(data.get("told", ()), f"{where} told"),
        "ends": _ends(data.get("ends"), data.get("check", ""), where),
        "renews": renewing.renews(data.get("renews"), where),
        "begins_with": reading.names(data.get("begins_with", ()), f"{where} begins_with"),
        "re_examines": parts.re_examines(data.get("re_examines"), where),
    }


def _ends(data: Any, check: Any, where: str) -> str:
    """The register whose entry ends with the payment; the check of the programme tells which it is."""
    if not data:
        return ""
    found = CHECKS.get(str(check))
    if found is None or not {"plan", "cover_from"} <= set(found.names):
        raise ProgrammeFault(
            f"{where} ends", "本服务的 check 必须给出 plan 和 cover_from 两项，否则请去掉 ends",
            "the check of the programme must give the facts plan and cover_from, or remove ends",
        )
    return str(data)


def load_catalogue() -> dict[str, Programme]:
    """Every programme of the catalogue, built once for each state of its files. Raises ProgrammeFault."""
    folders = sorted(path for path in CATALOGUE.iterdir() if (path / "programme.yaml").exists())
    stamp = tuple((str(f), f.stat().st_mtime_ns) for folder in folders for f in sorted(folder.glob("*.yaml")))
    return _catalogue(tuple(folders), stamp)


@lru_cache(maxsize=2)
def _catalogue(folders: tuple[Path, ...], stamp: tuple[tuple[str, int], ...]) -> dict[str, Programme]:
    found = [build(content_of(folder)) for folder in folders]
    return {programme.key: programme for programme in found}


_BUILT: dict[str, Programme] = {}


def programme_of(row: ProgrammeVersion) -> Programme:
    """The programme of a published version, from its frozen content, built once for each content hash."""
    built = _BUILT.get(row.content_hash)
    if built is None:
        built = _BUILT[row.content_hash] = build(json.loads(row.content["text"]))
    return built
