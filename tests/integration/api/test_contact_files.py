"""EXPORTAR: the list of contacts as CSV; and everything of one person, for that person."""

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING

import pytest

from openbot.actor import BOT
from openbot.orders import operations
from openbot.schema import AuditEntry
from tests.support.files import PDF
from tests.support.whatsapp import ANA, BETO, Customer

if TYPE_CHECKING:
    from httpx import Response

    from openbot.database import Database
    from tests.support.panel import Panel
    from tests.support.world import World


@pytest.fixture(autouse=True)
def company(seeded: "Database") -> None:
    """Everybody here works for the demo company."""


def table(answer: "Response") -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_last_month_are_thirty_days_of_the_company(world: "World", panel: "Panel"):
    world.says("hola", who=BETO)  # 24 November, 10:00 in Buenos Aires
    world.clock.move(days=30, hours=13.5)  # 24 December, 23:30 there, already the 25th in Greenwich
    world.says("hola")
    browser = panel.operator()
    days = browser.get("/api/contacts/export-days").json()
    assert (days["first"], days["last"]) == ("2026-11-25", "2026-12-24")
    assert days["time_zone"] == "America/Argentina/Buenos_Aires"
    month = table(browser.get("/api/contacts/export.csv"))
    assert month[0][:3] == ["Fecha de creación", "Nombre", "Celular"]
    assert month[1][:4] == ["24/12/2026 23:30", "Ana", ANA.phone, "24/12/2026 23:30"]
    assert len(month) == 2
    everybody = table(browser.get("/api/contacts/export.csv", params={"period": "all"}))
    assert [row[1] for row in everybody] == ["Nombre", "Ana", "Beto"]


def test_the_file_has_a_name_and_is_no_page(world: "World", panel: "Panel"):
    answer = panel.operator().get("/api/contacts/export.csv?period=all")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="contactos-2026-11-24-1000.csv"'


def test_a_name_is_no_formula(world: "World", panel: "Panel"):
    for number, name in enumerate(['=HYPERLINK("http://evil")', "+1", "@x", 'Ana "la" ; Gómez']):
        world.says("hola", who=Customer(phone=f"549115555000{number}", user_id=f"AR.F{number}", name=name))
    rows = table(panel.operator().get("/api/contacts/export.csv"))
    assert sorted(row[1] for row in rows[1:]) == sorted(
        ['\'=HYPERLINK("http://evil")', "'+1", "'@x", 'Ana "la" ; Gómez']
    )


def test_who_is_blocked_says_so(world: "World", panel: "Panel"):
    world.says("hola")
    browser = panel.operator()
    browser.post(f"/api/contacts/{world.contact().id}/block")
    assert table(browser.get("/api/contacts/export.csv"))[1][4:] == ["sí", ""]


def test_many_contacts_leave_in_one_file_without_doubles(world: "World", panel: "Panel", monkeypatch):
    for number in range(25):
        world.says("hola", who=Customer(phone=f"5491155550{number:03}", user_id=f"AR.M{number}", name="N"))
    from openbot.contacts import listing

    monkeypatch.setattr(listing.every, "__kwdefaults__", {"batch": 10})
    phones = [row[2] for row in table(panel.operator().get("/api/contacts/export.csv"))[1:]]
    assert len(phones) == len(set(phones)) == 25


def test_operators_export_whom_they_reach(world: "World", panel: "Panel"):
    for who, branch in ((ANA, 1), (BETO, 2)):
        world.says("hola", who=who)
        with world.database.transaction() as session:
            operations.change(
                session,
                order_id=world.order(who).id,
                actor=BOT,
                now=world.clock(),
                fields={"branch_id": branch},
            )
    rows = table(panel.operator(branches=[2]).get("/api/contacts/export.csv?period=all"))
    assert [row[1] for row in rows] == ["Nombre", "Beto"]


def test_exports_are_in_the_log(world: "World", panel: "Panel"):
    world.says("hola")
    browser = panel.administrator()
    browser.get("/api/contacts/export.csv?period=all")
    browser.get(f"/api/contacts/{world.contact().id}/data.json")
    log = [(entry.action, entry.subject, entry.detail) for entry in world.rows(AuditEntry)]
    assert log == [
        ("contacts_exported", "", {"period": "all"}),
        ("person_exported", f"contact {world.contact().id}", None),
    ]


def test_a_period_nobody_knows_is_refused(panel: "Panel"):
    assert panel.operator().get("/api/contacts/export.csv?period=year").status_code == 422


def test_a_person_gets_everything_we_keep(world: "World", panel: "Panel"):
    world.converse('dos cocas "frías"')
    world.clock.move(seconds=2)
    world.shows("location", latitude=-34.6, longitude=-58.4, name="Obelisco")
    world.wait(seconds=3)
    with world.database.transaction() as session:
        fields = {"address": "Belgrano 50"}
        operations.change(session, order_id=world.order().id, actor=BOT, now=world.clock(), fields=fields)
    laura = panel.operator(name="Laura")
    wish = {"key": "nota-de-laura", "text": "Paga siempre tarde"}
    assert laura.post(f"/api/conversations/{world.contact().id}/notes", json=wish).status_code == 201
    answer = panel.administrator().get(f"/api/contacts/{world.contact().id}/data.json")
    assert answer.headers["content-disposition"].startswith('attachment; filename="contacto-')
    told = json.loads(answer.text)
    assert told["contacto"]["celular"] == ANA.phone
    assert sorted(told["contacto"]["identificadores de WhatsApp"]) == sorted([ANA.phone, ANA.user_id])
    assert [order["dirección"] for order in told["pedidos"]] == ["Belgrano 50"]
    assert [line["cambios"] for line in told["pedidos"][0]["historial"]] == [
        {},
        {"address": ["", "Belgrano 50"]},
    ]
    said = [(message["autor"], message.get("texto")) for message in told["mensajes"]]
    assert said[:2] == [("cliente", 'dos cocas "frías"'), ("bot", 'oí: dos cocas "frías"')]
    assert told["mensajes"][2]["ubicación"]["name"] == "Obelisco"
    assert said[-1] == ("nota de Laura", "Paga siempre tarde")
    assert "raw" not in answer.text
    assert "wamid" not in answer.text


def test_a_persons_files_are_listed_with_what_they_are(world: "World", panel: "Panel"):
    world.sends(PDF, kind="document", mime_type="application/pdf", filename="seña.pdf")
    world.fetch()
    answer = panel.administrator().get(f"/api/contacts/{world.contact().id}/data.json")
    [file] = json.loads(answer.text)["archivos"]
    assert file == {
        "número": file["número"],
        "fecha": "2026-11-24 13:00:00",
        "autor": "cliente",
        "tipo": "document",
        "formato": "application/pdf",
        "nombre": "seña.pdf",
        "bytes": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "guardado": "sí",
    }


def test_a_long_conversation_fits_into_the_file(world: "World", panel: "Panel", monkeypatch):
    for number in range(9):
        world.says(f"mensaje {number}")
        world.clock.move(seconds=1)
    from openbot.conversations import person_file

    monkeypatch.setattr(person_file, "_AT_ONCE", 2)
    answer = panel.administrator().get(f"/api/contacts/{world.contact().id}/data.json")
    assert [part["texto"] for part in json.loads(answer.text)["mensajes"]] == [
        f"mensaje {n}" for n in range(9)
    ]


def test_only_administrators_hand_out_a_persons_data(world: "World", panel: "Panel"):
    world.says("hola")
    answer = panel.operator().get(f"/api/contacts/{world.contact().id}/data.json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "administrators_only")
    assert panel.administrator().get("/api/contacts/999/data.json").status_code == 404
