"""The plugin in a pytest of its own, as a user runs it."""

import json
import os
import pathlib
import subprocess

import pytest

import deskcheck

CASE = "rendezvous/register-peer/unknown-id"
# What pytest calls the statuses that `deskcheck run` gives without a baseline.
OUTCOMES = {"pass": "passed", "fail": "failed", "blocked": "failed", "harness error": "failed",
            "not applicable": "skipped"}


@pytest.fixture
def run_pytest(pytester):
    def run(*arguments):
        return pytester.runpytest_subprocess("-p", "deskcheck.pytest_plugin", "-p", "no:cacheprovider",
                                             *map(str, arguments))
    return run


def outcomes(pytester):
    """What became of every case, from the file that the run below has written."""
    return dict(line.split("\t") for line in pytester.path.joinpath("outcomes").read_text().splitlines())


@pytest.fixture
def write_outcomes(pytester):
    pytester.makeconftest("""
        def pytest_runtest_logreport(report):
            import os
            if "PYTEST_XDIST_WORKER" in os.environ:
                return
            if report.when == "call" or report.outcome != "passed" and report.when == "setup":
                with open("outcomes", "a") as file:
                    file.write(f"{report.nodeid.removeprefix('deskcheck::')}\\t{report.outcome}\\n")
    """)


SCENARIOS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "scenarios"


@pytest.mark.parametrize("faults, workers", [
    ([], []), (["forgets-request-pk", "offline-is-unknown"], ["-n2"]),
    (["wire/punch_hole.socket_addr/drop"], [])])
def test_verdicts_equal_those_of_the_command(pytester, run_pytest, write_outcomes, faults, workers):
    report = pytester.path / "report.json"
    command = [os.environ["DESKCHECK"], "run", "--virtual-time", "--seed", "5", "--json", str(report)]
    plugin = ["--deskcheck-reference", "--deskcheck-virtual-time", "--deskcheck-seed", "5"]
    for fault in faults:
        command += ["--fault", fault]
        plugin += ["--deskcheck-fault", fault]
    exit_code = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
    assert exit_code == (1 if faults else 0)
    result = run_pytest(*plugin, *workers)
    assert result.ret == exit_code
    verdicts = {case["id"]: OUTCOMES[case["status"]] for case in json.loads(report.read_text())["cases"]}
    assert outcomes(pytester) == verdicts


@pytest.mark.parametrize("options", [
    ["rendezvous/*,punch/*,scenario/*", "forgets-request-pk", "--cases", SCENARIOS],
    ["relay/*", "wire/punch_hole.socket_addr/drop", "--shard", "1/2"],
])
def test_verdicts_equal_those_of_the_command_in_real_time(pytester, run_pytest, write_outcomes, options):
    """Without the cases that wait for minutes; with scenarios, and in parts."""
    filters, fault, *more = options
    short = [case.id for case in deskcheck._deskcheck.select(filters.split(","), "may", str(SCENARIOS) if "--cases" in more else "")
             if case.takes <= 3]
    report = pytester.path / "report.json"
    done = subprocess.run([os.environ["DESKCHECK"], "run", "--fault", fault, "--filter", ",".join(short), "--json",
                           report, *map(str, more)], stdout=subprocess.DEVNULL, check=False)
    selection = [f"--deskcheck-filter={id}" for id in short]
    named = [f"{name.replace('--', '--deskcheck-')}={value}" for name, value in zip(more[::2], more[1::2])]
    result = run_pytest("--deskcheck-reference", "--deskcheck-fault", fault, *selection, *named)
    assert result.ret == done.returncode
    verdicts = {case["id"]: OUTCOMES[case["status"]] for case in json.loads(report.read_text())["cases"]}
    assert len(verdicts) > 5
    assert outcomes(pytester) == verdicts


def test_shards_share_the_cases(run_pytest):
    shards = []
    for number in (1, 2, 3):
        result = run_pytest("--deskcheck-reference", "--collect-only", "-q", "--deskcheck-filter", "rendezvous/*",
                            "--deskcheck-shard", f"{number}/3")
        shards.append({line for line in result.stdout.lines if line.startswith("deskcheck::")})
    together = {f"deskcheck::{case.id}" for case in deskcheck._deskcheck.select(["rendezvous/*"], "may")}
    assert set.union(*shards) == together
    assert all(0 < len(shard) < len(together) for shard in shards)


def test_what_the_budget_leaves_out_is_skipped(run_pytest):
    slow = "rendezvous/register-pk/per-address-pause"
    result = run_pytest("--deskcheck-reference", "--deskcheck-budget", "10s", "-rs", "--deskcheck-filter", slow,
                        "--deskcheck-filter", CASE)
    outcomes_by_kind = result.parseoutcomes()
    assert outcomes_by_kind["skipped"] == 1 and outcomes_by_kind["passed"] >= 1 and "failed" not in outcomes_by_kind
    result.stdout.fnmatch_lines(["*budget*"])


def test_what_does_more_than_allowed_is_skipped(run_pytest):
    limited = "rendezvous/register-pk/three-in-a-row"
    result = run_pytest("--deskcheck-reference", "--deskcheck-virtual-time", "--deskcheck-effects", "reads,creates",
                        "-rs", "--deskcheck-filter", limited, "--deskcheck-filter", CASE)
    outcomes_by_kind = result.parseoutcomes()
    assert outcomes_by_kind["skipped"] == 1 and outcomes_by_kind["passed"] >= 1 and "failed" not in outcomes_by_kind
    result.stdout.fnmatch_lines(["*--effects allows: limits*"])


def test_a_profile_takes_its_cases_and_has_a_verdict(pytester, run_pytest, write_outcomes):
    report = pytester.path / "report.json"
    done = subprocess.run([os.environ["DESKCHECK"], "run", "--virtual-time", "--seed", "5", "--profile",
                           "recording,audit", "--without", "api.audit.note", "--json", report],
                          stdout=subprocess.DEVNULL, check=False)
    result = run_pytest("--deskcheck-reference", "--deskcheck-virtual-time", "--deskcheck-seed", "5",
                        "--deskcheck-profile", "recording,audit", "--deskcheck-without", "api.audit.note")
    assert result.ret == done.returncode == 0
    told = json.loads(report.read_text())
    assert outcomes(pytester) == {case["id"]: OUTCOMES[case["status"]] for case in told["cases"]}
    assert 0 < len(told["cases"]) < len(deskcheck.cases())
    assert "skipped" in outcomes(pytester).values()  # notes
    for profile in told["profiles"]:
        result.stdout.fnmatch_lines([f"{profile['name']}: core {profile['core']['verdict']}, "
                                     f"extended {profile['extended']['verdict']}"])


def test_a_profile_of_which_only_a_part_ran_has_no_verdict(run_pytest):
    result = run_pytest("--deskcheck-reference", "--deskcheck-virtual-time", "--deskcheck-profile", "rendezvous",
                        "-k", "unknown-id")
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*deskcheck profiles*")


def test_selection_by_marker_keyword_and_filter(run_pytest):
    suite = ["--deskcheck-reference", "--deskcheck-virtual-time", "--collect-only", "-q"]
    everything = len(deskcheck.cases())
    for selection, expected in [
            (["-m", "RDV-REGPEER-02"], [CASE]),
            (["-m", "RegisterPeer/UDP and must"], [CASE, "rendezvous/register-peer/empty-id"]),
            (["-k", "unknown-id and register-peer"], [CASE]),
            (["--deskcheck-filter", "RDV-REGPEER-0*", "-m", "RDV-REGPEER-02"], [CASE])]:
        result = run_pytest(*suite, *selection)
        assert result.ret == 0
        lines = result.stdout.str().splitlines()
        for id in expected:
            assert f"deskcheck::{id}" in lines
        assert 0 < len([line for line in lines if line.startswith("deskcheck::")]) < everything


def test_a_failure_shows_its_evidence(run_pytest):
    result = run_pytest("--deskcheck-reference", "--deskcheck-fault", "forgets-request-pk", "-m",
                        "RDV-REGPEER-02")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*RDV-REGPEER-02 MUST*", "*expected*", "*actual*", "*harm*",
                                 "*evidence*", "*conversation*", "*register_peer*", "*reproduce*",
                                 f"FAILED deskcheck::{CASE}*"])
    assert "Traceback" not in result.stdout.str()


def test_against_a_server(run_pytest):
    with deskcheck.ReferenceServer() as server:
        result = run_pytest("--deskcheck-host", "127.0.0.1", "--deskcheck-port-base",
                            server.port_base, "--deskcheck-key", server.public_key, "-k", CASE)
    result.assert_outcomes(passed=1, deselected=len(deskcheck.cases()) - 1)


TARGET = """
target: {{host: 127.0.0.1, key: "{key}"}}
ports: {{rendezvous: {port}}}
baseline: known-failures.yaml
"""
KNOWN = """
known-failures:
  - case: {case}
    requirement: {requirement}
    at-most: 9
    fails: wrong value
    reason: since release 2
"""


@pytest.mark.parametrize("workers", [[], ["-n2"]])
@pytest.mark.parametrize("broken, requirement, expected, exit_code", [
    (True, "RDV-REGPEER-0*", {"xfailed": 1}, 0),  # known, all of it
    (True, "RDV-REGPEER-02", {"failed": 1}, 1),  # known, but not all of it
    (False, "RDV-REGPEER-0*", {"failed": 1}, 1),  # stale
    (True, "RDV-REGPEER-0*\n    flaky: true\n    expires: 9999-12-31", {"xfailed": 1}, 0),
])
def test_target_file_and_baseline(pytester, run_pytest, broken, requirement, expected, exit_code, workers):
    faults = ["forgets-request-pk"] if broken else []
    with deskcheck.ReferenceServer(faults=faults) as server:
        pytester.path.joinpath("target.yaml").write_text(
            TARGET.format(key=server.public_key, port=server.port_base))
        pytester.path.joinpath("known-failures.yaml").write_text(
            KNOWN.format(case=CASE, requirement=requirement))
        result = run_pytest("--deskcheck-target", "target.yaml", "-m", "RDV-REGPEER-02", "-rx", *workers)
    assert result.ret == exit_code
    outcomes = result.parseoutcomes()
    outcomes.pop("deselected", None)
    assert outcomes == expected
    if "xfailed" in expected:
        result.stdout.fnmatch_lines(["*since release 2*"])
    if not broken:
        result.stdout.fnmatch_lines(["*known-failures.yaml:3*"])


def test_nobody_there(run_pytest):
    with deskcheck.ReferenceServer() as server:
        port = server.port_base
    result = run_pytest("--deskcheck-host", "127.0.0.1", "--deskcheck-port-base", port)
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"*no server answers at TCP 127.0.0.1:{port}*"])
    result.assert_outcomes(failed=1)  # once is enough


@pytest.mark.parametrize("options, words", [
    (["--deskcheck-reference", "--deskcheck-host", "localhost"], "excludes"),
    (["--deskcheck-target", "t.yaml", "--deskcheck-host", "localhost"], "exclude each other"),
    (["--deskcheck-target", "no-such-file.yaml"], "the path of the target file"),
    (["--deskcheck-reference", "--deskcheck-baseline", "no-such.yaml"], "the path of the baseline"),
    (["--deskcheck-host", "localhost", "--deskcheck-key", "abc"], "id_ed25519.pub"),
    (["--deskcheck-reference", "--deskcheck-filter", "no/such"], "matches no case"),
    (["--deskcheck-reference", "--deskcheck-fault", "no-such"], "no such fault"),
    (["--deskcheck-host", "localhost", "--deskcheck-fault", "never-offline"], "for the reference"),
    (["--deskcheck-reference", "--deskcheck-profile", "relya"], "did you mean relay"),
    (["--deskcheck-reference", "--deskcheck-without", "relay.tpc"], "without relay.tpc"),
    (["--deskcheck-reference", "--deskcheck-shard", "5/4"], "write the second of four as 2/4"),
    (["--deskcheck-reference", "--deskcheck-budget", "soon"], "30s"),
    (["--deskcheck-reference", "--deskcheck-cases", "no-such-folder"], "no-such-folder"),
])
def test_mistakes_are_told_in_one_line(run_pytest, options, words):
    result = run_pytest(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    lines = [line for line in result.stderr.lines if line]
    assert len(lines) == 1
    assert lines[0].startswith("ERROR: deskcheck: ")
    assert words in lines[0]


def test_fixtures(pytester, run_pytest):
    pytester.makepyfile("""
        import deskcheck

        CASE = "rendezvous/register-peer/unknown-id"

        def test_target(target):
            assert deskcheck.run(target, filters=[CASE]).exit_code == 0

        def test_reference_server(reference_server, target):
            assert reference_server.port_base != target.port_base

        def test_clients(device, controller):
            host = device(password="secret").wait_registered()
            assert controller().connect(host.id, password="secret").logged_in

        def test_clients_of_another_server(device, controller, reference_server):
            host = device(reference_server).wait_registered()
            assert controller().connect(host.id).failure == "ID does not exist"
            assert controller(reference_server).connect(host.id).connected
    """)
    run_pytest().assert_outcomes(passed=4)  # without options there are no cases


def test_workers_share_one_run(pytester, run_pytest):
    """The results of all workers come from one run: its seed is in every reproduce line."""
    result = run_pytest("--deskcheck-reference", "--deskcheck-virtual-time", "--deskcheck-fault",
                        "never-offline", "-n2")
    seeds = {word for line in result.stdout.lines if "reproduce" in line
             for word in line.split() if word.isdecimal()}
    assert result.ret == 1
    assert len(seeds) == 1
