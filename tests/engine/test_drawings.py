"""The drawings of a route: a picture that can be read, and a BPMN file that a foreign engine runs to its end."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator
from SpiffWorkflow.util.task import TaskState

from casework.programmes.loader import build, load_catalogue
from casework.programmes.spec import Programme
from casework.workflows.bpmn import BPMN, DI, bpmn, expression
from casework.workflows.layout import NoLayout
from casework.workflows.svg import svg, width_of, wrapped
from tests.engine import made
from tests.engine.made import step

SVG = "{http://www.w3.org/2000/svg}"
KEYS = sorted(load_catalogue())
ACCEPT = step("accept", "window_clerk@county", silence="accepted")
CHECK = step("check", "case_officer@county")
# A condition, two steps beside each other, a return, a denial and a silence in one route.
ALL: dict[str, Any] = {
    "submitted": {"accept": ACCEPT},
    "accepted": {
        "look": {**CHECK, "when": {"amount": {"at_least": 100}}},
        "one": CHECK,
        "beside": {**CHECK, "with": "one"},
        "review": step("review", "reviewer@county"),
    },
}


def all_at_once() -> Programme:
    return build(made.programme(ALL, facts=["amount"]))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("key", KEYS)
def test_a_picture_names_every_step_with_its_limit_and_stands_alone(key: str, lang: str) -> None:
    programme = load_catalogue()[key]
    drawn = svg(programme, lang)
    root = ET.fromstring(drawn)
    texts = "".join(span.text or "" for span in root.iter(f"{SVG}tspan")).replace(" ", "")
    for one in programme.steps():
        assert (one.title.zh if lang == "zh" else one.title.en).replace(" ", "") in texts
        days = f"{one.limit_days}{'天' if lang == 'zh' else 'days'}"
        wds = f"{one.limit_wd}{'个工作日' if lang == 'zh' else 'workingdays'}"
        assert ("时限" if lang == "zh" else "Limit:") + (days if one.limit_days else wds) in texts
    assert not {"script", "style", "image", "foreignObject"} & {el.tag.removeprefix(SVG) for el in root.iter()}
    assert "href" not in drawn and "style=" not in drawn


@pytest.mark.parametrize("key", KEYS)
def test_boxes_of_a_picture_do_not_lie_on_each_other(key: str) -> None:
    root = ET.fromstring(svg(load_catalogue()[key], "zh"))
    boxes = [
        tuple(float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
        for group in root.iter(f"{SVG}g") for rect in group.iter(f"{SVG}rect")
    ]
    for n, (x, y, w, h) in enumerate(boxes):
        for other in boxes[n + 1 :]:
            apart = x + w <= other[0] or other[0] + other[2] <= x or y + h <= other[1] or other[1] + other[3] <= y
            assert apart
    wide, high = (float(root.get(name, "0")) for name in ("width", "height"))
    assert all(x >= 0 and x + w <= wide and y >= 0 and y + h <= high for x, y, w, h in boxes)


def test_a_return_is_dashed_and_a_denial_has_its_own_end() -> None:
    root = ET.fromstring(svg(load_catalogue()["living_aid"], "zh"))
    dashed = [line for line in root.iter(f"{SVG}polyline") if line.get("marker-end") == "url(#back)"]
    assert dashed and all(line.get("stroke-dasharray") for line in dashed)
    assert {group.get("id") for group in root.iter(f"{SVG}g")} >= {"end.denied@review", "end.denied@approve"}


def test_words_are_wrapped_where_a_reader_would() -> None:
    assert wrapped("县（区）总工会审核与审批", 90, 14) == ["县（区）总工", "会审核与审批"]
    assert all(width_of(line, 14) <= 90 for line in wrapped("Review by the county federation", 90, 14))
    assert wrapped("Review by", 500, 14) == ["Review by"]


def test_without_the_layout_library_the_command_says_what_to_do(settings: Any, tmp_path: Path) -> None:
    from casework.workflows import layout

    layout._library.cache_clear()
    layout._own.__dict__.clear()
    settings.VAR_DIR = tmp_path
    try:
        with pytest.raises(NoLayout, match="make setup"):
            svg(load_catalogue()["living_aid"], "zh")
        with pytest.raises(CommandError, match="make setup"):
            call_command("workflow_graph", "living_aid", svg=str(tmp_path / "a.svg"))
    finally:
        layout._library.cache_clear()


# BPMN


def opened(programme: Programme) -> BpmnWorkflow:
    """The file, checked against the schema of BPMN 2.0 and opened by a foreign engine."""
    parser = BpmnParser(validator=BpmnValidator())
    parser.add_bpmn_str(bpmn(programme, "zh").encode())
    return BpmnWorkflow(parser.get_spec(programme.key))


def run(workflow: BpmnWorkflow, facts: dict[str, Any], outcomes: dict[str, str]) -> list[str]:
    """Let the engine run to its end. outcomes: what tasks answer, once each. Returns the tasks in their order."""
    done: list[str] = []
    outcomes = dict(outcomes)
    for _ in range(200):
        workflow.do_engine_steps()
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        if not ready:
            break
        task = ready[0]
        name = task.task_spec.bpmn_id
        task.data |= facts | {"outcome": outcomes.pop(name, "pass")}
        done.append(name)
        task.run()
    assert workflow.completed, f"stuck after {done}"
    return done


@pytest.mark.parametrize("key", KEYS)
def test_a_foreign_engine_runs_every_route_to_its_end(key: str) -> None:
    programme = load_catalogue()[key]
    facts = {fact: 0 for one in programme.steps() for fact in one.when or {}} | dict.fromkeys(programme.numbers, 1)
    wanted = [one.key for one in programme.steps() if one.when is None]
    stages = [{one.key for one in stage} for group in programme.groups for stage in programme.stages(group)]
    place = {key: n for n, stage in enumerate(stages) for key in stage}
    done = [name for name in run(opened(programme), facts, {}) if name in wanted]
    # Steps beside each other are done in any order, everything else in that of the route.
    assert sorted(done) == sorted(wanted) and [place[name] for name in done] == sorted(place[name] for name in wanted)


@pytest.mark.parametrize(
    ("amount", "outcomes", "wanted"),
    [
        (50, {}, ["accept", "one", "beside", "review"]),
        (100, {}, ["accept", "look", "one", "beside", "review"]),
        (50, {"review": "deny"}, ["accept", "one", "beside", "review"]),
        (50, {"accept": "not_accept"}, ["accept"]),
        (50, {"accept": "one_time_notice"}, ["accept", "wait.accept", "accept", "one", "beside", "review"]),
        (100, {"review": "return:look"}, ["accept", *2 * ["look", "one", "beside", "review"]]),
    ],
)
def test_conditions_denials_and_returns_are_understood(
    amount: int, outcomes: dict[str, str], wanted: list[str]
) -> None:
    done = run(opened(all_at_once()), {"amount": amount}, outcomes)
    assert sorted(done) == sorted(wanted) and done[0] == "accept"


def test_a_timer_of_silence_carries_the_case_on() -> None:
    workflow = opened(all_at_once())
    workflow.do_engine_steps()
    waiting = {task.task_spec.bpmn_id for task in workflow.get_tasks(state=TaskState.WAITING)}
    assert "timer.accept" in waiting


@pytest.mark.parametrize("key", KEYS)
def test_every_element_of_the_file_has_its_place_in_the_drawing(key: str) -> None:
    root = ET.fromstring(bpmn(load_catalogue()[key], "en"))
    process = root.find(f"{{{BPMN}}}process")
    assert process is not None
    drawn = {el.get("bpmnElement") for el in root.iter() if el.tag in (f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")}
    named = {el.get("id") for el in process if el.tag != f"{{{BPMN}}}laneSet"}
    named |= {el.get("id") for el in process.iter(f"{{{BPMN}}}lane")}
    assert named == drawn
    in_lanes = [el.text for el in process.iter(f"{{{BPMN}}}flowNodeRef")]
    assert len(in_lanes) == len(set(in_lanes))


@pytest.mark.parametrize(
    ("when", "text", "facts", "holds"),
    [
        ({"a": {"at_least": 3}}, "a >= 3", {"a": 3}, True),
        ({"a": {"at_most": 3}}, "a <= 3", {"a": 4}, False),
        ({"a": {"in": ["x", "y"]}}, "a in ['x', 'y']", {"a": "y"}, True),
        ({"a": {"equals": "x"}, "b": True}, "a == 'x' and b == True", {"a": "x", "b": True}, True),
        ({"a": {"contains": "x"}}, "'x' in a", {"a": ["x"]}, True),
        ({"a": {"is_true": False}}, "bool(a) is False", {"a": False}, True),
        ({"a": {"above": 3}}, "a > 3", {"a": 3}, False),
        ({"a": {"below": {"number": "line"}}}, "a < line", {"a": 3, "line": 4}, True),
        ({"a": {"above": {"number": "t.top_fen"}}}, "a > t['top_fen']", {"a": 3, "t": {"top_fen": 3}}, False),
    ],
)
def test_a_closed_condition_says_the_same_in_the_file(
    when: dict[str, Any], text: str, facts: dict[str, Any], holds: bool
) -> None:
    assert expression(when) == text
    assert eval(text, {}, facts) is holds


def test_the_command_writes_text_picture_and_bpmn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("workflow_graph", "living_aid")
    told = capsys.readouterr().out
    assert told.startswith("flowchart TD") and "县（区）总工会审核" in told and "-.->" in told
    call_command("workflow_graph", "living_aid", svg=str(tmp_path / "a.svg"), lang="en")
    assert "Review by the" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    call_command("workflow_graph", "living_aid", bpmn=str(tmp_path / "a.bpmn"))
    assert ET.parse(tmp_path / "a.bpmn").getroot().tag == f"{{{BPMN}}}definitions"
    with pytest.raises(CommandError, match="no service"):
        call_command("workflow_graph", "nothing")
