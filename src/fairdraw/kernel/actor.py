"""
Who acts: a person with dated duties, a calling system, or the product itself.

Built by the doors; handed to every service. Plain values, so that rules and permissions can be
tested without a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fairdraw.kernel.text import gettext_noop


class Duty(StrEnum):
    """Duties (职责) that a membership gives within an agency and everything below it."""

    LEADER = "leader"  # 局领导、股室负责人：审批
    OFFICE = "office"  # 领导小组办公室（企监股）：计划、督导
    PLANNER = "planner"  # 计划岗：方案、封存
    SUPERVISOR = "supervisor"  # 监督岗：监督并抽取
    INSPECTOR = "inspector"  # 执法检查人员：检查、录入
    CLERK = "clerk"  # 内勤：录入、登记
    REVIEWER = "reviewer"  # 审核岗：审核、公示
    AUDITOR = "auditor"  # 审计、纪检：只读全部、复核
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDIT_ADMIN = "audit_admin"  # 审计管理员


@dataclass(frozen=True)
class Grant:
    """One duty held today: in the agency at *path* ("/1/7/") and below it."""

    duty: Duty
    path: str
    agency_id: int


@dataclass(frozen=True)
class Actor:
    """
    A person, a calling system or the product, as services see it.

    Attributes:
        code: Stable text for the log: ``u:7``, ``t:3`` (token), ``system``, ``cli``.
        name: Shown to people, never logged.
        user_id: The account, ``None`` for systems.
        grants: Duties held at this moment.
        trusted: The product itself and the command line of the installation's owner.
    """

    code: str
    name: str = ""
    user_id: int | None = None
    grants: tuple[Grant, ...] = ()
    trusted: bool = False

    def holds(self, *duties: Duty, within: str) -> bool:
        """Whether one of *duties* is held at the agency path *within* or above it."""
        return self.trusted or any(g.duty in duties and within.startswith(g.path) for g in self.grants)

    def holds_anywhere(self, *duties: Duty) -> bool:
        """Whether one of *duties* is held in any agency."""
        return self.trusted or any(g.duty in duties for g in self.grants)

    def scopes(self) -> tuple[str, ...]:
        """Agency paths whose things this actor may see, the shortest first, none inside another."""
        paths = sorted({g.path for g in self.grants}, key=lambda p: (len(p), p))
        kept: list[str] = []
        for path in paths:
            if not any(path.startswith(other) for other in kept):
                kept.append(path)
        return tuple(kept)


SYSTEM = Actor(code="system", name=gettext_noop("系统"), trusted=True)
COMMAND_LINE = Actor(code="cli", name=gettext_noop("命令行"), trusted=True)
