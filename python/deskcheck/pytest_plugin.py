"""Conformance cases as pytest items, and fixtures for tests that talk to a server.

    pytest --deskcheck-target target.yaml
    pytest --deskcheck-host 192.168.1.5 --deskcheck-key "$(cat id_ed25519.pub)"
    pytest --deskcheck-reference -m must -k register

docs/use-from-pytest.md tells how to use it. Every case is an item; all selected cases run side by side
in one run of the suite, as in `deskcheck run`, because many wait for timers of the protocol. An item
waits for the result of its case. With pytest-xdist the first worker that needs a result makes the run
for all of them."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from . import _deskcheck
from .errors import Error, UsageError
from .pytest_cases import CaseItem, describe_markers, make_items
from .pytest_fixtures import controller, device, reference_server, target
from .pytest_run import SharedRun

__all__ = ["controller", "device", "reference_server", "target"]  # the fixtures

plan_key = pytest.StashKey["Plan"]()


class Plan:
    """What the options of one session ask for."""

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        self.folder = folder
        self.reference: bool = config.getoption("deskcheck_reference")
        self.target = make_target(config)
        faults: list[str] = config.getoption("deskcheck_fault")
        if self.reference and self.target:
            raise UsageError("--deskcheck-reference excludes --deskcheck-host and --deskcheck-target")
        if faults and self.target:
            raise UsageError("--deskcheck-fault is for the reference server, not for a target")
        baseline: str | None = config.getoption("deskcheck_baseline")
        if baseline is None:
            baseline = self.target.baseline if self.target else ""
        _deskcheck.check_faults(faults)
        without = [] if self.target else listed(config, "deskcheck_without")
        _deskcheck.check_without(without)
        scenarios: str = config.getoption("deskcheck_cases")
        _deskcheck.check_baseline(baseline, scenarios)
        level: str = config.getoption("deskcheck_level")
        self.profiles = listed(config, "deskcheck_profile")
        self.cases = _deskcheck.select(config.getoption("deskcheck_filter"), level, scenarios,
                                       parse_shard(config.getoption("deskcheck_shard")), self.profiles)
        self.run = SharedRun(folder, {
            "target": self.target,
            "faults": faults,
            "seed": config.getoption("deskcheck_seed"),
            "level": level,
            "virtual_time": config.getoption("deskcheck_virtual_time"),
            "baseline": baseline,
            "cases": scenarios,
            "effects": listed(config, "deskcheck_effects"),
            "without": without,
            "budget": parse_budget(config.getoption("deskcheck_budget"), config),
        })


def listed(config: pytest.Config, option: str) -> list[str]:
    """The names of an option that may be repeated, and takes lists."""
    return [name for names in config.getoption(option) for name in names.split(",")]


def make_target(config: pytest.Config) -> _deskcheck.Target | None:
    host = config.getoption("deskcheck_host")
    file = config.getoption("deskcheck_target")
    if host and file:
        raise UsageError("--deskcheck-host and --deskcheck-target exclude each other")
    if file:
        return _deskcheck.Target.load(file)
    if not host:
        return None
    return _deskcheck.Target(host, port_base=config.getoption("deskcheck_port_base"),
                             key=config.getoption("deskcheck_key"),
                             claims=set(listed(config, "deskcheck_with")),
                             without=set(listed(config, "deskcheck_without")),
                             source_addresses=config.getoption("deskcheck_source_addresses"))


def parse_shard(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})/(\d{1,5})", text)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise UsageError(f"--deskcheck-shard '{text}' is no shard; write the second of four as 2/4")
    return int(match[1]), int(match[2])


def parse_budget(text: str, config: pytest.Config) -> float | None:
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,7})(s|m)", text)
    if not match:
        raise UsageError(f"--deskcheck-budget '{text}' is no time; write it as 30s or 2m")
    if config.getoption("deskcheck_virtual_time"):
        raise UsageError("--deskcheck-budget is for real time; virtual time takes seconds anyway")
    return float(match[1]) * (60 if match[2] == "m" else 1)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("deskcheck", "conformance of a server for RustDesk clients")
    group.addoption("--deskcheck-target", metavar="FILE", help="the server to test, as a target file")
    group.addoption("--deskcheck-host", metavar="HOST", help="the server to test")
    group.addoption("--deskcheck-port-base", metavar="PORT", type=int, default=21116,
                    help="its rendezvous port P; P-1 and P+1 follow from it (21116)")
    group.addoption("--deskcheck-key", metavar="KEY", default="",
                    help="its public key, the text of its id_ed25519.pub")
    group.addoption("--deskcheck-with", metavar="CAPABILITY", action="append", default=[],
                    help="a capability beyond the open-source server's that it claims")
    group.addoption("--deskcheck-without", metavar="CAPABILITY", action="append", default=[],
                    help="a capability that it does not claim; the reference server does without it")
    group.addoption("--deskcheck-source-addresses", metavar="NETWORK", default="",
                    help="an IPv4 network of this machine, from which parties take addresses")
    group.addoption("--deskcheck-baseline", metavar="FILE",
                    help="its known failures; without it those that the target file names")
    group.addoption("--deskcheck-reference", action="store_true",
                    help="test the reference server of this process")
    group.addoption("--deskcheck-fault", metavar="FAULT", action="append", default=[],
                    help="makes the reference server wrong: an id or glob")
    group.addoption("--deskcheck-virtual-time", action="store_true",
                    help="simulated network and clock, with the reference server")
    group.addoption("--deskcheck-cases", metavar="DIR", default="",
                    help="a folder of scenarios whose judged steps join the suite as cases")
    group.addoption("--deskcheck-shard", metavar="I/N", default="1/1",
                    help="the I-th of N sessions that share the cases")
    group.addoption("--deskcheck-budget", metavar="TIME", default="",
                    help="skips what would not end within this time: 30s, 2m")
    group.addoption("--deskcheck-effects", metavar="LIST", action="append", default=[],
                    help="what cases may do to the target, as --effects of deskcheck run; others are skipped")
    group.addoption("--deskcheck-filter", metavar="GLOB", action="append", default=[],
                    help="cases and requirements to take; -k and -m select further")
    group.addoption("--deskcheck-profile", metavar="NAME", action="append", default=[],
                    help="only the cases of this profile, as --profile of deskcheck run: relay, push, ...")
    group.addoption("--deskcheck-level", choices=["must", "should", "may"], default="may",
                    help="the lowest level that is judged")
    group.addoption("--deskcheck-seed", metavar="N", type=int,
                    help="repeats the random choices of an earlier run")


def wants_suite(config: pytest.Config) -> bool:
    return any(config.getoption(name)
               for name in ("deskcheck_target", "deskcheck_host", "deskcheck_reference"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "deskcheck: a case of the conformance suite")
    if not wants_suite(config):
        return
    workerinput: dict[str, Any] | None = getattr(config, "workerinput", None)
    folder = workerinput["deskcheck_folder"] if workerinput else tempfile.mkdtemp(prefix="deskcheck-")
    try:
        plan = config.stash[plan_key] = Plan(config, Path(folder))
    except Error as error:
        raise pytest.UsageError(f"deskcheck: {error}") from error
    for line in describe_markers(plan.cases):
        config.addinivalue_line("markers", line)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Of pytest-xdist: all workers share one folder, so that one run is enough for them."""
    plan = node.config.stash.get(plan_key, None)
    if plan:
        node.workerinput["deskcheck_folder"] = str(plan.folder)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config,
                                  items: list[pytest.Item]) -> None:
    """Adds the cases before -k and -m select."""
    plan = config.stash.get(plan_key, None)
    if plan:
        cases = make_items(session, plan.run, plan.cases)
        config.hook.pytest_collectreport(  # for pytest's count of items
            report=pytest.CollectReport("deskcheck", "passed", None, list(cases)))
        items.extend(cases)


def pytest_collection_finish(session: pytest.Session) -> None:
    plan = session.config.stash.get(plan_key, None)
    if plan:
        plan.run.ids = [item.case.id for item in session.items if isinstance(item, CaseItem)]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    plan = session.config.stash.get(plan_key, None)
    if plan:
        early = session.shouldstop or session.shouldfail or exitstatus == pytest.ExitCode.INTERRUPTED
        plan.run.finish(early=bool(early))
        if plan.run.complaints() and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What became of the profiles, and entries of the baseline that have to go or to be renewed."""
    plan = config.stash.get(plan_key, None)
    if plan and plan.profiles:
        verdicts = plan.run.profiles()
        if shown := [name for name in dict.fromkeys(plan.profiles) if name in verdicts]:
            terminalreporter.section("deskcheck profiles")
            for name in shown:
                core, extended = verdicts[name]
                terminalreporter.line(f"{name}: core {core}, extended {extended}")
    if plan and plan.run.complaints():
        terminalreporter.section("deskcheck baseline", red=True)
        for line in plan.run.complaints():
            terminalreporter.line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    plan = config.stash.get(plan_key, None)
    if plan and not hasattr(config, "workerinput"):
        shutil.rmtree(plan.folder, ignore_errors=True)
