"""deskcheck: conformance suite, client simulator and reference server for RustDesk clients.

    import deskcheck

    with deskcheck.ReferenceServer() as server:
        report = deskcheck.run(server.target, filters=["rendezvous/*"])
        print(report.table())

Calls that wait release the interpreter lock, take a timeout in seconds where they wait for somebody
else, and end at once at Ctrl-C, in every thread. Errors are in deskcheck.errors."""

from . import wire
from ._deskcheck import (Capability, Case, CaseResult, Check, DeviceSession, Diagnosis, Fault, Finding, ProbeResult, Report,
                         Requirement, Run, ScenarioResult, Target, cases, faults, requirements)
from ._deskcheck import version as __version__
from .account import Account
from .agent import Agent
from .controller import Controller, ConnectResult, Session
from .device import Device
from .doctor import doctor
from .errors import Closed, ConnectionLost, Error, TargetUnreachable, Timeout, UsageError
from .messages import decode, encode
from .probe import probe
from .run import run
from .scenario import Scenario
from .server import KnownDevice, Limits, ReferenceServer, RelayLimits
from .worlds import RealWorld, VirtualWorld, World

__all__ = [
    "Account", "Agent", "Capability", "Case", "CaseResult", "Check", "Closed", "ConnectResult", "ConnectionLost",
    "Controller", "Device", "DeviceSession", "Diagnosis", "Error", "Fault", "Finding", "KnownDevice", "Limits",
    "ProbeResult", "RealWorld", "ReferenceServer",
    "RelayLimits", "Report", "Requirement", "Run", "Scenario", "ScenarioResult", "Session", "Target",
    "TargetUnreachable", "Timeout", "UsageError", "VirtualWorld", "World", "__version__", "cases",
    "decode", "doctor", "encode", "faults", "probe", "requirements", "run", "wire",
]
