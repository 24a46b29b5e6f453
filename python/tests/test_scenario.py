"""Scenario files from Python."""

import pathlib

import pytest

import deskcheck

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "scenarios"
ALL_HOOKS = ROOT / "conformance" / "scenario" / "all_hooks.yaml"


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


@pytest.mark.parametrize("world", [deskcheck.RealWorld, lambda: deskcheck.VirtualWorld(1)])
def test_a_reference_server_lends_all_its_hooks(world, tmp_path):
    scenario = deskcheck.Scenario.load(ALL_HOOKS)
    with world() as place:
        server = place.server(accounts={"alice": "s3cret"}, data=tmp_path)
        result = scenario.run(server)
        assert result.passed, result.text + result.conversation
        if isinstance(place, deskcheck.VirtualWorld):  # nothing of the first time is in the way
            assert scenario.run(server.target, world=place).passed
    assert "uses the hook 'put-user'" in result.conversation


def test_hooks_judge_a_wrong_server():
    with deskcheck.VirtualWorld(1) as world:
        server = world.server(faults=["audit-goes-by-session"])
        result = deskcheck.Scenario.load(FOLDER / "read-back.yaml").run(server)
    assert result.status == "failed"
    assert "HTTP-ACONN-03" in result.requirements


@pytest.mark.parametrize("lacking", [{"api": False}, {"profile": "oss"}, {"without": ["api.*"]}])
def test_without_an_api_there_are_no_hooks(lacking):
    with deskcheck.VirtualWorld(1) as world:
        result = deskcheck.Scenario.load(FOLDER / "people.yaml").run(world.server(**lacking))
    assert result.status == "not applicable"
    assert result.why


def test_a_target_of_somebody_else_has_no_hooks():
    with deskcheck.ReferenceServer() as server:
        target = deskcheck.Target("127.0.0.1", port_base=server.port_base, key=server.public_key, api=server.api)
        result = deskcheck.Scenario.load(FOLDER / "people.yaml").run(target)
    assert result.status == "not applicable"
    assert "put-user" in result.why


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
