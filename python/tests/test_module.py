"""The module as a user meets it first: a server, a run, what can be looked up, what goes wrong."""

import json

import pytest

import deskcheck

CASE = "rendezvous/register-peer/unknown-id"


def test_reference_server_and_run():
    with deskcheck.ReferenceServer() as server:
        assert server.port_base > 0
        assert len(server.public_key) == 44
        seen = []
        report = deskcheck.run(server.target, filters=[CASE], on_result=seen.append)
    assert report.exit_code == 0
    assert [case.id for case in report.cases] == [CASE] == [case.id for case in seen]
    assert report.counts["pass"] == 1
    assert report.requirements["RDV-REGPEER-02"] == "pass"
    assert json.loads(report.to_json())["exit_code"] == 0
    assert CASE.rsplit("/", 1)[1] in report.junit()
    assert report.profiles == {}  # one case is no profile
    assert report.verdict == "conforms"
    assert "conforms" in report.table()


def test_a_fault_is_found_with_evidence():
    report = deskcheck.run(virtual_time=True, seed=7, filters=["RDV-REGPEER-02"],
                           faults=["forgets-request-pk"])
    assert report.exit_code == 1
    case = next(case for case in report.cases if case.unexpected)
    assert (case.status, case.blame) == ("fail", "target")
    check = next(check for check in case.checks if check.status == "fail")
    assert check.requirement == "RDV-REGPEER-02"
    assert "request_pk" in check.actual
    for part in (check.requirement, check.expected, "harm", "conversation", case.reproduce):
        assert part in case.evidence
    assert "--fault 'forgets-request-pk'" in case.reproduce


def test_a_server_with_a_fault_in_a_run_against_it():
    with deskcheck.ReferenceServer(faults=["forgets-request-pk"]) as server:
        report = deskcheck.run(server.target, filters=[CASE])
    assert report.exit_code == 1


def test_a_profile_and_what_a_server_lacks():
    report = deskcheck.run(virtual_time=True, seed=7, profiles=["recording", "websocket"], without=["relay.websocket"])
    assert report.exit_code == 0, report.table()
    assert report.profiles["recording"] == ("passed", "passed")
    assert report.profiles["websocket"][0] == "not claimed"
    assert set(report.profiles) == {"recording", "websocket"}
    assert all(case.status != "pass" for case in report.cases if case.id.startswith("relay/websocket"))


def test_what_can_be_looked_up():
    cases = {case.id: case for case in deskcheck.cases()}
    requirements = {requirement.id: requirement for requirement in deskcheck.requirements()}
    faults = {fault.id: fault for fault in deskcheck.faults()}
    assert "RDV-REGPEER-02" in cases[CASE].requirements
    assert requirements["RDV-REGPEER-02"].level == "MUST"
    assert "RDV-REGPEER-02" in requirements["RDV-REGPEER-02"].explain()
    assert faults["forgets-request-pk"].requirement == "RDV-REGPEER-02"


@pytest.mark.parametrize("mistake, words", [
    (lambda: deskcheck.run(filters=["no/such/case"]), ["no/such/case", "matches no case"]),
    (lambda: deskcheck.run(faults=["accept-foreign-uuid"]), ["did you mean accepts-foreign-uuid"]),
    (lambda: deskcheck.run(profiles=["relya"]), ["relya", "did you mean relay"]),
    (lambda: deskcheck.run(without=["relay.tpc"]), ["without relay.tpc", "relay.tcp"]),
    (lambda: deskcheck.run(deskcheck.Target("127.0.0.1"), without=["relay.tcp"]), ["without", "reference server"]),
    (lambda: deskcheck.run(level="must not"), ["must, should or may"]),
    (lambda: deskcheck.run(jobs=0), ["jobs 0"]),
    (lambda: deskcheck.run(repeat=-1), ["repeat -1"]),
    (lambda: deskcheck.Target("127.0.0.1", key="abc"), ["abc", "id_ed25519.pub"]),
    (lambda: deskcheck.Target("127.0.0.1", port_base=1), ["port_base 1"]),
    (lambda: deskcheck.Target("127.0.0.1", claims={"rendezvous.secure"}), ["claims rendezvous.secure"]),
    (lambda: deskcheck.Target("127.0.0.1", api="here"), ["api 'here'", "http://"]),
    (lambda: deskcheck.Target("no-such-host.invalid"), ["no-such-host.invalid"]),
    (lambda: deskcheck.run(deskcheck.Target("127.0.0.1"), faults=["never-offline"]), ["faults"]),
    (lambda: deskcheck.run(deskcheck.Target("127.0.0.1"), virtual_time=True), ["virtual_time"]),
    (lambda: deskcheck.RealWorld().sleep(-1), ["sleep -1"]),
])
def test_mistakes_are_told_in_one_line(mistake, words):
    with pytest.raises(deskcheck.UsageError) as caught:
        mistake()
    assert isinstance(caught.value, ValueError)
    text = str(caught.value)
    assert "\n" not in text
    for word in words:
        assert word in text


def test_what_a_target_is():
    target = deskcheck.Target("127.0.0.1", port_base=30000, claims={"rendezvous.secure-tcp"},
                              api="http://127.0.0.1:29998/")
    assert (target.websocket, target.relay_websocket) == (("127.0.0.1", 30002), ("127.0.0.1", 30003))
    assert (target.claims, target.api) == ({"rendezvous.secure-tcp"}, "http://127.0.0.1:29998")


def test_what_a_server_has_is_asked_for_at_its_own_ports():
    """WebSockets, the API and its tunnel, in the suite's run against a server of this process."""
    with deskcheck.ReferenceServer() as server:
        report = deskcheck.run(server.target, filters=["relay/websocket/both", "connected/presence-websocket", "tunnel/answers", "tunnel/errors-of-the-api"])
    assert report.exit_code == 0, report.table()
    assert report.counts["pass"] >= 4


def test_nobody_there():
    with deskcheck.ReferenceServer() as server:
        target = server.target
    with pytest.raises(deskcheck.TargetUnreachable, match=str(target.port_base)):
        deskcheck.run(target, filters=[CASE])


def test_an_error_in_a_callback_ends_the_run():
    def refuse(result):
        raise KeyError(result.id)

    with pytest.raises(KeyError, match=CASE):
        deskcheck.run(virtual_time=True, filters=[CASE], on_result=refuse)


def test_virtual_worlds():
    with deskcheck.VirtualWorld(1) as world:
        server = world.server()
        assert server.target.host == "10.0.0.1"
        world.sleep(24 * 3600)
        assert world.now == 24 * 3600
        server.stop()
    assert world.closed
    with pytest.raises(deskcheck.Closed):
        world.sleep(1)


def test_stopping_twice_and_late():
    server = deskcheck.ReferenceServer()
    server.stop()
    server.stop()
    with deskcheck.RealWorld() as world:
        inside = world.server()
    inside.stop()
