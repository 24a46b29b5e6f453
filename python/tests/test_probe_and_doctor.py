"""deskcheck.probe() and deskcheck.doctor(): what a server can do, and what is broken, in both worlds."""

import http.server
import json
import os
import signal
import socket
import threading
import time

import pytest

import deskcheck

KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="  # docs/protocol/wire.md 8.3


@pytest.fixture(params=["real", "virtual"])
def world(request):
    with deskcheck.RealWorld() if request.param == "real" else deskcheck.VirtualWorld(1) as world:
        yield world


@pytest.fixture
def silent():
    """A port that takes connections and datagrams, and never says anything."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue  # somebody else has it
            tcp.listen()
            yield tcp.getsockname()[1]
            return


def statuses(diagnosis):
    return {finding.step: finding.status for finding in diagnosis.findings}


def test_every_capability_has_its_answer(world):
    found = deskcheck.probe(world.server())
    assert set(found.capabilities) >= {requirement.capability for requirement in deskcheck.requirements()}
    for name, one in found.capabilities.items():
        assert one.name == name
        assert one.claimed == (one.answer == "present") == (name in found.claims)
        assert one.evidence and "\n" not in one.evidence
    udp, limits = found.capabilities["rendezvous.udp"], found.capabilities["relay.limits"]
    assert (udp.answer, udp.sure, "RegisterPeer" in udp.evidence) == ("present", True, True)
    assert (limits.answer, limits.claimed, limits.sure) == ("unknown", False, False)
    assert found.device_id.startswith("dcprobe")
    assert (found.asks_for_key, found.signs_with_key, found.login_refused) == (True, True, "")
    assert found.seconds >= 0
    assert json.loads(found.to_json())["capabilities"]["relay.tcp"]["answer"] == "present"
    assert "one device was registered" in found.table()
    assert found.host in repr(found) and "rendezvous.udp present" in repr(udp)


@pytest.mark.parametrize("lack", [
    ["relay.*"], ["rendezvous.websocket"], ["rendezvous.signed-keys"], ["api.general"],
    ["api.ab.personal", "rendezvous.http-tunnel"]])
def test_what_a_server_lacks_is_found(world, lack):
    server = world.server(without=lack)
    without = server.target.without
    assert without >= {name for name in lack if "*" not in name}
    found = deskcheck.probe(server)
    assert without and not without & found.claims
    for name in without:
        assert found.capabilities[name].answer in ("absent", "unknown"), found.capabilities[name].evidence
    assert any(found.capabilities[name].answer == "absent" for name in without)


def test_the_file_runs_as_it_is(tmp_path, monkeypatch):
    file = tmp_path / "target.yaml"
    with deskcheck.ReferenceServer(accounts={"ann": "correct horse"}, without=["relay.websocket"]) as server:
        found = deskcheck.probe("127.0.0.1", port_base=server.port_base, key=server.public_key, name="mine",
                                user="ann", password="correct horse", password_env="ANN", admin="root")
        file.write_text(found.to_yaml())
        assert "correct horse" not in found.to_yaml()
        assert found.capabilities["api.auth.user-payload"].claimed
        monkeypatch.setenv("ANN", "correct horse")
        monkeypatch.setenv("DESKCHECK_ADMIN_PASSWORD", "unused")
        target = deskcheck.Target.load(file)
        assert (target.name, target.key, target.api) == ("mine", server.public_key, server.api)
        assert target.claims == found.claims
        report = deskcheck.run(target, filters=["RDV-REGPEER-02", "RLY-PAIR-01", "HTTP-HB-01", "SEC-KEX-02",
                                                "relay/websocket/both"])
        assert report.exit_code == 0, report.table()
        assert report.requirements["RLY-PAIR-01"] == report.requirements["SEC-KEX-02"] == "pass"


@pytest.mark.parametrize("key", ["", "open sesame"])
def test_the_file_of_a_server_with_another_kind_of_key(tmp_path, key):
    with deskcheck.ReferenceServer(key=key) as server:
        file = tmp_path / "target.yaml"
        file.write_text(deskcheck.probe(server).to_yaml())
        report = deskcheck.run(deskcheck.Target.load(file), filters=["RDV-REGPEER-02", "RLY-PAIR-01"])
        assert (report.exit_code, report.requirements["RLY-PAIR-01"]) == (0, "pass"), report.table()


def test_a_healthy_server(world):
    server = world.server(accounts={"ann": "correct horse"})
    diagnosis = deskcheck.doctor(server, user="ann", password="correct horse")
    assert (diagnosis.healthy, diagnosis.first, diagnosis.exit_code) == (True, None, 0), diagnosis.table()
    assert diagnosis.reachable and diagnosis.addresses == [server.target.host]
    assert statuses(diagnosis)["login"] == statuses(diagnosis)["pairing"] == "ok"
    assert diagnosis.device_id.startswith("dcdoctor")
    assert json.loads(diagnosis.to_json())["healthy"] is True
    assert "healthy" in diagnosis.table()
    assert diagnosis.clock_skew is None  # it does not say what time it is


class LateApi(http.server.BaseHTTPRequestHandler):
    """An API whose clock is two minutes behind."""

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"{}")

    do_GET = do_POST = do_HEAD = answer

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() - 120)

    def log_message(self, *_):
        pass


def test_a_clock_that_is_wrong():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), LateApi) as api, deskcheck.ReferenceServer() as server:
        thread = threading.Thread(target=api.serve_forever)
        thread.start()
        try:
            diagnosis = deskcheck.doctor(server, api=f"http://127.0.0.1:{api.server_port}")
        finally:
            api.shutdown()
            thread.join()
    assert statuses(diagnosis)["clock"] == "warning", diagnosis.table()
    assert -180 < diagnosis.clock_skew < -60
    assert not diagnosis.healthy


def test_what_is_broken_is_named_with_its_mend(world):
    server = world.server(without=["relay.tcp"])
    diagnosis = deskcheck.doctor(server, key=KEY)
    assert (diagnosis.healthy, diagnosis.exit_code) == (False, 1)
    first = diagnosis.first
    assert (first.step, first.status) == ("key", "broken")
    assert first.what and first.cause and "id_ed25519.pub" in first.mend and first.seconds >= 0
    assert statuses(diagnosis)["punch"] == "blocked"
    assert "key broken" in repr(first) and "exit code 1" in repr(diagnosis)
    named = {finding.step: finding for finding in diagnosis.findings}["tcp"]
    assert (named.status, named.cause, named.mend) == ("ok", "", "")


def test_what_a_server_is_not_meant_to_have_is_skipped():
    with deskcheck.ReferenceServer(without=["rendezvous.websocket", "relay.websocket"]) as server:
        assert statuses(deskcheck.doctor(server))["websocket"] == "skipped"  # its target says so
        target = deskcheck.Target(server.target.host, port_base=server.port_base, key=server.public_key)
        assert statuses(deskcheck.doctor(target))["websocket"] == "warning"
        diagnosis = deskcheck.doctor(target, without=["*.websocket"])
        assert statuses(diagnosis)["websocket"] == "skipped"
        assert diagnosis.healthy, diagnosis.table()


def test_nobody_there():
    with deskcheck.ReferenceServer() as server:
        target = server.target
    with pytest.raises(deskcheck.TargetUnreachable, match=f"{target.port_base}.*port_base") as caught:
        deskcheck.probe(target)
    assert "\n" not in str(caught.value)
    with pytest.raises(deskcheck.TargetUnreachable, match="no-such-host.invalid"):
        deskcheck.probe("no-such-host.invalid")
    diagnosis = deskcheck.doctor(target)
    assert (diagnosis.reachable, diagnosis.exit_code, diagnosis.first.step) == (False, 3, "tcp")
    diagnosis = deskcheck.doctor("no-such-host.invalid")
    assert (diagnosis.exit_code, diagnosis.first.step) == (3, "name")


@pytest.mark.parametrize("ask, words", [
    (lambda server: deskcheck.probe(server, key=KEY), ["LICENSE_MISMATCH", "as key"]),
    (lambda server: deskcheck.probe(server, key="abc"), ["key 'abc'", "id_ed25519.pub"]),
    (lambda server: deskcheck.probe(""), ["host is missing"]),
    (lambda server: deskcheck.probe("localhost:21116"), ["localhost alone", "21116 as port_base"]),
    (lambda server: deskcheck.Target("localhost:21116"), ["localhost alone", "21116 as port_base"]),
    (lambda server: deskcheck.probe(server, port_base=1), ["port_base 1"]),
    (lambda server: deskcheck.probe(server, api="here"), ["api 'here'", "http://"]),
    (lambda server: deskcheck.probe(server, download="a.exe"), ["download 'a.exe'", "slash"]),
    (lambda server: deskcheck.probe(server, api_ca="ca.pem"), ["api_ca", "https://HOST"]),
    (lambda server: deskcheck.probe(server, api="https://x", api_ca="no-such-file"), ["no-such-file"]),
    (lambda server: deskcheck.probe(server, user="ann", password_env="NOT_SET"), ["'ann'", "NOT_SET", "password_env"]),
    (lambda server: deskcheck.doctor(server, proxy="here"), ["proxy 'here'", "http://HOST"]),
    (lambda server: deskcheck.doctor(server, without=["relay.tpc"]), ["without relay.tpc", "relay.tcp"]),
    (lambda server: deskcheck.ReferenceServer(without=["relay.tpc"]), ["without relay.tpc", "relay.tcp"]),
    (lambda server: deskcheck.ReferenceServer(without=["framing"]), ["without framing", "no server can lack it"]),
])
def test_mistakes_are_told_in_one_line(ask, words):
    with deskcheck.ReferenceServer() as server, pytest.raises(deskcheck.UsageError) as caught:
        ask(server)
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("ask", [deskcheck.probe, deskcheck.doctor])
def test_other_threads_run_meanwhile(silent, ask):
    """Each counts for itself; with the lock held nobody would count until it is over."""
    counts, over = [], threading.Event()

    def count():
        while not over.is_set():
            counts.append(time.monotonic())
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    begun = time.monotonic()
    try:
        with deskcheck.RealWorld() as world:
            threading.Timer(0.5, world.close).start()
            with pytest.raises(deskcheck.Closed):
                ask("127.0.0.1", port_base=silent, world=world)
        ended = time.monotonic()
    finally:
        over.set()
        counter.join()
    assert len([moment for moment in counts if begun < moment < ended]) > 20


@pytest.mark.parametrize("ask", [deskcheck.probe, deskcheck.doctor])
def test_ctrl_c_ends_it(silent, ask):
    with deskcheck.RealWorld() as world:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            for _ in range(1000):
                ask("127.0.0.1", port_base=silent, world=world)
        assert not world.closed
        with world.server() as server:
            assert ask(server).device_id
