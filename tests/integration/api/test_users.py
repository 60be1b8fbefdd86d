"""Usuarios over the API: administrators only, the last one stays, who loses a right is out at once."""

import json
from typing import Any

import pytest

from openbot.operators.passwords import hash_password
from openbot.schema import AuditEntry, Draft, Operator, OrderChange, PanelSession
from openbot.vocabulary import Enabled, State
from tests.support.panel import Browser, Panel
from tests.support.world import World

PASSWORD = "una clave larga"
NEW = {
    "name": "Beto", "email": "beto@example.com", "phone": "11 3694-3434", "role": "Operador", "password": PASSWORD,
}  # fmt: skip


@pytest.fixture
def boss(panel: Panel) -> Browser:
    return panel.administrator(name="Ana")


def made(boss: Browser, **more: Any) -> dict[str, Any]:
    answer = boss.post("/api/users", json={**NEW, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def code(answer: Any) -> str:
    return answer.json()["error"]["code"]


def test_a_new_user_is_in_the_list_with_everything_of_the_manual(boss: Browser):
    made(boss)
    answer = boss.get("/api/users").json()
    assert [row["name"] for row in answer["rows"]] == ["Ana", "Beto"]
    beto = answer["rows"][1]
    assert (beto["email"], beto["phone"], beto["role"]) == ("beto@example.com", "5491136943434", "Operador")
    assert (beto["enabled"], beto["shift_text"], beto["branches"]) == ("HABILITADO", "Siempre", "Todas")
    assert (answer["total"], answer["next"]) == (2, None)
    assert "password" not in str(answer).replace("must_change_password", "")


def test_a_new_user_has_to_choose_a_password_first(panel: Panel, boss: Browser):
    made(boss)
    browser = panel.anonymous()
    answer = browser.post("/api/sign-in", json={"email": NEW["email"], "password": PASSWORD})
    assert answer.json()["must_change_password"] is True
    assert (browser.get("/api/me").status_code, code(browser.get("/api/me"))) == (
        403,
        "password_change_required",
    )
    assert browser.get("/").headers["location"] == "/password"
    changed = browser.post("/api/password", json={"current": PASSWORD, "new": "otra clave larga"})
    assert changed.status_code == 204
    assert browser.get("/api/me").status_code == 200


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        ({"current": "mal", "new": "otra clave larga"}, {"current": "password_wrong"}),
        ({"current": PASSWORD, "new": PASSWORD}, {"new": "password_unchanged"}),
        ({"current": PASSWORD, "new": "corta"}, {}),
        ({"current": PASSWORD}, {"new": "missing"}),
    ],
)
def test_a_password_that_will_not_do_is_refused(panel: Panel, wish: dict[str, str], fields: dict[str, str]):
    browser = panel.operator(password_hash=hash_password(PASSWORD), must_change_password=True)
    answer = browser.post("/api/password", json=wish)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == fields
    assert browser.get("/api/me").status_code == 403


def test_what_is_missing_or_wrong_is_named_by_field(boss: Browser):
    answer = boss.post("/api/users", json={"name": "", "email": "x", "role": "Rey"})
    assert answer.json()["error"]["fields"] == {
        "name": "missing", "email": "not_an_email", "role": "not_a_choice", "password": "missing",
    }  # fmt: skip
    assert boss.post("/api/users", json={**NEW, "password": "corta"}).json()["error"]["fields"] == {
        "password": "password_refused"
    }


def test_an_email_is_used_once(boss: Browser):
    made(boss)
    answer = boss.post("/api/users", json={**NEW, "email": "BETO@example.com"})
    assert (answer.status_code, code(answer)) == (409, "email_taken")
    assert answer.json()["error"]["fields"] == {"email": "email_taken"}


def test_operators_neither_see_nor_reach_it(panel: Panel, boss: Browser):
    beto = made(boss)["id"]
    operator = panel.operator()
    calls = [
        operator.get("/api/users"),
        operator.post("/api/users", json=NEW),
        operator.get(f"/api/users/{beto}"),
        operator.patch(f"/api/users/{beto}", json={"version": 1, "role": "Administrador"}),
        operator.delete(f"/api/users/{beto}"),
        operator.post(f"/api/users/{beto}/password"),
        operator.get("/api/audit"),
    ]
    assert {(answer.status_code, code(answer)) for answer in calls} == {(403, "administrators_only")}


def test_a_change_is_saved_and_raises_the_version(boss: Browser):
    beto = made(boss)
    plan = [{"weekday": day, "from": "09:00", "to": "18:00"} for day in range(5)]
    answer = boss.patch(f"/api/users/{beto['id']}", json={"version": 1, "name": "Alberto", "shift": plan})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["version"]) == ("Alberto", 2)
    assert answer.json()["shift_text"] == "lunes a viernes de 9 a 18"
    assert boss.get(f"/api/users/{beto['id']}").json()["shift"] == plan


def test_the_second_of_two_savers_hears_what_the_first_one_did(panel: Panel, boss: Browser):
    beto = made(boss)
    other = panel.administrator(name="Carla")
    assert other.patch(f"/api/users/{beto['id']}", json={"version": 1, "name": "Roberto"}).status_code == 200
    answer = boss.patch(f"/api/users/{beto['id']}", json={"version": 1, "name": "Alberto"})
    assert (answer.status_code, code(answer)) == (409, "changed_meanwhile")
    detail = answer.json()["error"]["detail"]
    assert (detail["version"], detail["by"], detail["changed"]) == (
        2,
        "Carla",
        {"name": ["Alberto", "Roberto"]},
    )


def test_the_last_administrator_stays(panel: Panel, boss: Browser):
    me = boss.get("/api/me").json()["id"]
    for wish in ({"role": "Operador"}, {"enabled": "DESHABILITADO"}):
        answer = boss.patch(f"/api/users/{me}", json={"version": 1, **wish})
        assert (answer.status_code, code(answer)) == (409, "last_administrator")
    assert code(boss.delete(f"/api/users/{me}")) == "last_administrator"
    assert boss.get("/api/users").json()["rows"][0]["can_delete"] is False
    panel.administrator(enabled=Enabled.NO)
    assert code(boss.delete(f"/api/users/{me}")) == "last_administrator"
    panel.administrator()
    assert boss.delete(f"/api/users/{me}").status_code == 204
    assert boss.get("/api/me").status_code == 401


@pytest.mark.parametrize(
    ("wish", "because"), [({"enabled": "DESHABILITADO"}, "disabled"), ({"role": "Administrador"}, "role")]
)
def test_who_is_disabled_or_gets_another_type_is_out_at_once(
    panel: Panel, boss: Browser, wish: dict[str, str], because: str
):
    beto = panel.operator()
    assert boss.patch(f"/api/users/{beto.person_id}", json={"version": 1, **wish}).status_code == 200
    answer = beto.get("/api/me")
    assert (answer.status_code, code(answer)) == (401, "session_ended")
    assert answer.json()["error"]["detail"] == {"because": because}


def test_another_name_or_plan_ends_no_session(panel: Panel, boss: Browser):
    beto = panel.operator()
    boss.patch(f"/api/users/{beto.person_id}", json={"version": 1, "name": "Otro", "branch_ids": []})
    assert beto.get("/api/me").json()["name"] == "Otro"


def test_the_orders_of_who_is_disabled_or_deleted_go_back_to_the_queue(
    panel: Panel, boss: Browser, world: World
):
    for act in ("disable", "delete"):
        beto = panel.operator(name="Beto")
        world.says("hola")
        world.move(State.IN_PROGRESS, actor=panel.actor(beto))
        if act == "disable":
            wish = {"version": 1, "enabled": "DESHABILITADO"}
            assert boss.patch(f"/api/users/{beto.person_id}", json=wish).status_code == 200
        else:
            assert boss.delete(f"/api/users/{beto.person_id}").status_code == 204
        order = world.order()
        assert (order.state, order.operator_id, order.needs_person) == (State.INCOMPLETE, None, True)
        assert (
            order.person_reason
            == f"El usuario Beto fue {'deshabilitado' if act == 'disable' else 'eliminado'}"
        )
        last = world.rows(
            OrderChange, OrderChange.order_id == order.id, OrderChange.to_state == State.INCOMPLETE
        )
        assert last[-1].actor == "sistema"


def test_a_deleted_user_leaves_the_name_and_frees_the_email(panel: Panel, boss: Browser, world: World):
    beto = made(boss)
    with world.database.transaction() as session:
        session.add(Draft(operator_id=beto["id"], key="order 1", body={}, updated_at=world.clock()))
    assert boss.delete(f"/api/users/{beto['id']}").status_code == 204
    (row,) = world.rows(Operator, Operator.id == beto["id"])
    assert (row.name, row.email, row.phone, row.enabled) == ("Beto", None, "", Enabled.NO)
    assert world.rows(Draft) == []
    assert made(boss)["id"] != beto["id"]
    for again in (boss.delete(f"/api/users/{beto['id']}"), boss.get(f"/api/users/{beto['id']}")):
        assert (again.status_code, code(again)) == (404, "operator_not_found")
    password = boss.post(f"/api/users/{beto['id']}/password")
    assert password.status_code == 404


def test_a_reset_password_is_shown_once_and_signs_out(panel: Panel, boss: Browser):
    beto = panel.operator(password_hash=hash_password(PASSWORD))
    email = beto.get("/api/me").json()["email"]
    fresh = boss.post(f"/api/users/{beto.person_id}/password").json()["password"]
    assert code(beto.get("/api/me")) == "session_ended"
    browser = panel.anonymous()
    assert browser.post("/api/sign-in", json={"email": email, "password": PASSWORD}).status_code == 401
    answer = browser.post("/api/sign-in", json={"email": email, "password": fresh})
    assert answer.json()["must_change_password"] is True


def test_branches_must_exist_and_limit_who_has_them(panel: Panel, boss: Browser, seeded: Any):
    answer = boss.post("/api/users", json={**NEW, "branch_ids": [1, 999]})
    assert answer.json()["error"]["fields"] == {"branch_ids": "branch_not_found"}
    beto = made(boss, branch_ids=[2, 1, 2])
    assert beto["branch_ids"] == [1, 2]
    assert beto["branches"].count(",") == 1
    assert panel.signed_in(beto["id"]).get("/api/me").status_code == 403  # the password comes first


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "beto"}, ["Beto"]),
        ({"q": "EXAMPLE.com"}, ["Ana", "Beto", "Óscar"]),
        ({"q": "oscar"}, ["Óscar"]),
        ({"q": "3694"}, ["Beto"]),
        ({"role": "Administrador"}, ["Ana"]),
        ({"enabled": "DESHABILITADO"}, ["Óscar"]),
        ({"sort": "-name"}, ["Óscar", "Beto", "Ana"]),
        ({"sort": "-created_at"}, ["Óscar", "Beto", "Ana"]),
    ],
)
def test_the_list_is_searched_filtered_and_sorted(boss: Browser, query: dict[str, str], names: list[str]):
    made(boss)
    made(boss, name="Óscar", email="oscar@example.com", phone="", enabled="DESHABILITADO")
    assert [row["name"] for row in boss.get("/api/users", params=query).json()["rows"]] == names


def test_the_list_comes_in_pages(boss: Browser):
    for number in range(5):
        made(boss, name=f"P{number}", email=f"x{number}@example.com")
    seen: list[str] = []
    after = ""
    while True:
        answer = boss.get("/api/users", params={"limit": 2, "after": after}).json()
        seen += [row["name"] for row in answer["rows"]]
        after = answer["next"]
        if not after:
            break
    assert seen == ["Ana", "P0", "P1", "P2", "P3", "P4"]


@pytest.mark.parametrize("user_id", ["0", "-1", "abc", "1.5", "9" * 30, "%00"])
def test_an_id_that_is_none_is_refused(boss: Browser, user_id: str):
    assert boss.get(f"/api/users/{user_id}").status_code == 422


@pytest.mark.parametrize("version", [None, "x", -1, 0, 10**12, [], True])
def test_a_change_needs_a_version(boss: Browser, version: Any):
    beto = made(boss)
    answer = boss.patch(f"/api/users/{beto['id']}", json={"version": version, "name": "X"})
    assert answer.status_code == 422
    assert "version" in answer.json()["error"]["fields"]


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "=1+1", "\u202egnirts", "x\u0000y", "Ñandú 🦩", "\ud83d"]
)
def test_strange_names_are_text(boss: Browser, name: str):
    answer = boss.post(
        "/api/users",
        content=json.dumps({**NEW, "name": name}),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in (201, 422)


def test_everything_done_to_users_is_in_the_audit_log_without_personal_data(panel: Panel, boss: Browser):
    beto = made(boss)
    boss.patch(
        f"/api/users/{beto['id']}", json={"version": 1, "phone": "11 5555-5555", "enabled": "DESHABILITADO"}
    )
    boss.post(f"/api/users/{beto['id']}/password")
    boss.delete(f"/api/users/{beto['id']}")
    entries = panel.world.rows(AuditEntry)
    assert [entry.action for entry in entries] == [
        "user_created",
        "user_changed",
        "password_reset",
        "user_deleted",
    ]
    assert {entry.subject for entry in entries} == {f"user {beto['id']}"}
    assert entries[1].detail == {"phone": [], "enabled": ["HABILITADO", "DESHABILITADO"]}
    assert all(entry.address == "testclient" for entry in entries)


def test_ended_sessions_say_why(panel: Panel, boss: Browser):
    beto = panel.operator()
    boss.delete(f"/api/users/{beto.person_id}")
    (row,) = panel.world.rows(PanelSession, PanelSession.operator_id == beto.person_id)
    assert row.ended_because == "deleted"
