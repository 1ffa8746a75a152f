"""The engine: the door, life cycles, step kinds, tasks, guards, effects, timers."""
