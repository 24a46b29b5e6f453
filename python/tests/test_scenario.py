"""Scenario files from Python."""

import pathlib

import pytest

import deskcheck

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "scenarios"


@pytest.mark.parametrize("world", [deskcheck.RealWorld, lambda: deskcheck.VirtualWorld(1)])
@pytest.mark.parametrize("fault", [None, "accepts-foreign-uuid"])
def test_verdicts_in_both_worlds(world, fault):
    scenario = deskcheck.Scenario.load(FOLDER / "foreign-uuid.yaml")
    with world() as place:
        result = scenario.run(place.server(faults=[fault] if fault else []))
    assert result.passed == (fault is None)
    assert "register_pk" in result.conversation
    if fault:
        assert result.status == "failed"
        assert set(result.requirements) <= set(scenario.requirements)
        assert result.line > 0 and result.expected and result.actual
        assert f"foreign-uuid.yaml:{result.line}" in result.text


def test_alone_and_against_a_target():
    scenario = deskcheck.Scenario.load(str(FOLDER / "register.yaml"))
    assert scenario.run().passed
    with deskcheck.ReferenceServer() as server:
        assert scenario.run(server.target).passed
    with deskcheck.VirtualWorld(1) as world:
        assert scenario.run(world=world).passed
    assert scenario.id and scenario.title


def test_mistakes_have_their_place(tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("roles: 3\n")
    with pytest.raises(deskcheck.UsageError, match="wrong.yaml:1"):
        deskcheck.Scenario.load(wrong)
    with pytest.raises(deskcheck.UsageError, match="no-such.yaml"):
        deskcheck.Scenario.load("no-such.yaml")
