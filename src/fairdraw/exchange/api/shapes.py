"""
What travels over the interface (接口数据): inspections out, records in, problems.

The credit-risk class and the stratum of an inspection never travel; inspectors go by their code.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from fairdraw.inspections.states import InspectionState

CODE = r"^[0-9A-Za-z._:-]{1,60}$"
TEXT = r"^[^\x00]*$"
EARLIEST, LATEST = 2000, 2999


def _of_our_time(moment: dt.datetime) -> dt.datetime:
    if not EARLIEST <= moment.year <= LATEST:  # a number of seconds, or a year that no calendar here has
        raise PydanticCustomError("moment_out_of_range", "out of range")
    return moment


Code = Annotated[str, StringConstraints(pattern=CODE)]
Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time)]


class Named(Schema):
    """A thing with its code and name."""

    code: str
    name: str


class Seat(Schema):
    """An inspector (执法检查人员) in a slot of an inspection."""

    slot: str
    inspector: str


class InspectionOut(Schema):
    """An inspection (一次检查) as calling systems see it."""

    number: str = Field(description="检查编号")
    task: str = Field(description="任务编号")
    target: Named = Field(description="检查对象")
    agency: Named = Field(description="实施机关")
    state: InspectionState = Field(description="状态")
    state_label: str = Field(description="状态名称")
    due_on: dt.date = Field(description="办结期限")
    method: str = Field(description="检查方式")
    team: list[Seat] = Field(description="检查人员，按席位")
    outcome: str = Field(description="公示的检查结果代码，未录入为空")
    outcome_codes: list[str] = Field(description="全部检查结果代码")
    problem: bool = Field(description="是否发现问题")
    measure: str = Field(description="处置措施代码")
    note: str = Field(description="备注")
    drawn_at: dt.datetime = Field(description="抽取时间")
    notified_at: dt.datetime | None = Field(description="通知时间")
    checked_on: dt.date | None = Field(description="检查日期")
    entered_at: dt.datetime | None = Field(description="录入时间")
    reviewed_at: dt.datetime | None = Field(description="审核时间")
    submitted_at: dt.datetime | None = Field(description="报送公示时间")
    published_at: dt.datetime | None = Field(description="公示时间")
    withdrawn_at: dt.datetime | None = Field(description="撤下时间")
    excluded_at: dt.datetime | None = Field(description="排除时间")
    excluded_code: str = Field(description="排除原因代码")
    updated_at: dt.datetime = Field(description="最近变动时间")


class InspectionPage(Schema):
    """One page of inspections, in the order of their numbers."""

    items: list[InspectionOut]
    total: int = Field(description="符合条件的总数")
    next: str | None = Field(description="下一页地址，没有则为空")


class InspectionFilter(Schema):
    """Which inspections are asked for."""

    task: Code | None = Field(None, description="任务编号")
    state: InspectionState | None = Field(None, description="状态")
    agency: Code | None = Field(None, description="实施机关代码")
    updated_since: Moment | None = Field(None, description="此时刻及以后有变动，须带时区")
    after: Code | None = Field(None, description="上一页最后一个检查编号")
    limit: int = Field(50, ge=1, le=200, description="每页条数")


class AnswerIn(Schema):
    """What was found for one item (抽查事项) of the task."""

    model_config = ConfigDict(extra="forbid")

    item: Code = Field(description="抽查事项编号")
    checked: bool = Field(True, description="是否检查")
    problem: Annotated[str, StringConstraints(max_length=400, pattern=TEXT)] = Field(
        "", description="发现的问题"
    )
    handling: Annotated[str, StringConstraints(max_length=200, pattern=TEXT)] = Field(
        "", description="处理情况"
    )


class RecordIn(Schema):
    """The record of an inspection (随机抽查情况记录)."""

    model_config = ConfigDict(extra="forbid")

    checked_on: dt.date = Field(description="检查日期")
    codes: list[Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]] = Field(
        min_length=1, max_length=13, description="检查结果代码"
    )
    measure: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,24}$")] = Field(description="处置措施代码")
    method: Literal["on_site", "documentary", "online_monitoring", "testing"] = Field(
        "on_site", description="检查方式"
    )
    note: Annotated[str, StringConstraints(max_length=2000, pattern=TEXT)] = Field("", description="备注")
    answers: list[AnswerIn] = Field([], max_length=200, description="各抽查事项的检查情况")


class TroubleOut(Schema):
    """One thing to correct."""

    message: str
    file: str
    row: int | None
    column: str


class Problem(Schema):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="给办事人员看的一句话")
    instance: str
    code: str = Field(description="稳定的错误代码")
    troubles: list[TroubleOut] = []
