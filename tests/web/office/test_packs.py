"""Everything that several tasks need on paper, printed as one file (任务包; scenes 1 and 3)."""

from __future__ import annotations

import io
import json

from pypdf import PdfReader

from fairdraw.inspections import selectors as inspections
from fairdraw.inspections.models import Visit
from fairdraw.operations import cli
from tests.web.ui.html import Page


def text_of(answer):
    return "".join("".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(answer.content)).pages)


def chosen(page: Page) -> list[str]:
    return page.all("//input[@name='task'][@checked]/@value")


def unnotified(county, number):
    task = next(t for t in county.tasks.values() if t.number == number)
    return inspections.visits_to_come([task]).filter(notified_at__isnull=True).count()


def test_the_papers_of_all_tasks_in_the_field_come_as_one_file(office, planner, county):
    numbers = chosen(office.page("/packs/"))
    assert numbers
    answer = office.post("/packs/", {"task": numbers, "sure": "1"})
    told = office.follow(answer)
    [file] = told.all("//a[contains(@href, '/file/')]/@href")
    text = text_of(office.get(file))

    assert "随机抽查任务包清单" in text
    assert "抽查审批表" in text
    for number in numbers:
        task = next(t for t in county.tasks.values() if t.number == number)
        for visit in inspections.visits_to_come([task]):
            assert visit.target.name.replace(" ", "") in text
            assert f"随机抽查情况记录表{number}" in text


def test_notices_are_numbered_after_the_person_has_seen_how_many(planner, county):
    numbers = chosen(planner.page("/packs/"))
    mine = [task for task in county.tasks.values() if task.number in numbers]
    held = [visit.pk for visit in inspections.visits_to_come(mine)][:2]
    Visit.objects.filter(pk__in=held).update(number="", notified_at=None)  # 还没有制发
    count = sum(unnotified(county, number) for number in numbers)
    assert count == 2
    asked = Page(planner.post("/packs/", {"task": numbers}, status=200))

    assert f"制发通知书 {count} 份" in asked.text("//main")
    assert sum(unnotified(county, number) for number in numbers) == count
    planner.post("/packs/", {"task": numbers, "sure": "1"})
    assert sum(unnotified(county, number) for number in numbers) == 0
    again = Page(planner.get("/packs/"))
    assert chosen(again) == numbers


def test_nobody_prints_for_another_section(planner, officer, county):
    mine = set(chosen(planner.page("/packs/")))
    other = officer("ggg-jh")
    assert not mine & set(chosen(other.page("/packs/")))
    other.post("/packs/", {"task": sorted(mine), "sure": "1"}, status=404)
    assert "请至少选择一项任务" in planner.follow(planner.post("/packs/", {})).source


def test_the_command_writes_the_same_file_and_numbers_only_when_asked(county, capsys, tmp_path):
    held = [visit.pk for visit in inspections.visits_to_come(county.tasks.values())][:2]
    Visit.objects.filter(pk__in=held).update(number="", notified_at=None)
    file = tmp_path / "任务包.pdf"

    assert cli.main(["packs", "--out", str(file), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["issued"], answer["doors"]) == (0, len(inspections.visits_to_come(county.tasks.values())))
    assert file.read_bytes().startswith(b"%PDF")
    assert cli.main(["packs", *answer["tasks"], "--out", str(file), "--issue", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["issued"] == 2
    assert cli.main(["packs", "2026-999", "--out", str(file)]) == 1
    assert "所选任务" in capsys.readouterr().err
