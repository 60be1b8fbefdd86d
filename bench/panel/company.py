"""The company that owns the generated orders: the demo's, with more branches and a hundred operators."""

from dataclasses import dataclass
from datetime import datetime

from openbot.catalogue.goods import Product
from openbot.catalogue.operations import read_business, seed
from openbot.catalogue.queries import load
from openbot.database import Database
from openbot.operators.operations import create_administrator
from openbot.operators.passwords import hash_password
from openbot.schema import Branch, Operator, OperatorBranch
from openbot.settings import Settings
from openbot.vocabulary import Enabled, Role

#: Of everybody: the company lives for one run.
PASSWORD = "clave-de-la-prueba-1"  # noqa: S105 - of a generated company
ADMINISTRATOR = "administradora@banco.example"
BROWSER = "navegador@banco.example"  #: the administrator of the browser, so that nobody pushes out the other
LIMITED = "sucursal@banco.example"  #: reaches two branches only
OPERATORS = 100
_PLACES = ("Lanús", "Quilmes", "Morón", "San Justo", "Tigre", "Pilar", "La Plata", "Rosario", "Mar del Plata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What orders refer to."""

    branch_ids: tuple[int, ...]
    operator_ids: tuple[int, ...]
    payment_ids: tuple[int, ...]
    products: tuple[Product, ...]


def operator_email(number: int) -> str:
    """Return the e-mail of one of the OPERATORS, counted from 0."""
    return f"operador{number:03}@banco.example"


def found(database: Database, *, now: datetime) -> Company:
    """Write the company into a migrated, empty database."""
    with database.transaction() as session:
        seed(session, business=read_business(Settings.model_fields["business_file"].default))
        for email, name in ((ADMINISTRATOR, "Administradora Prueba"), (BROWSER, "Navegadora Prueba")):
            create_administrator(session, email=email, name=name, password=PASSWORD, now=now)
        session.add_all(
            Branch(
                code=f"X{number}", name=place, address=f"San Martín {100 * number + 20}", place=place,
                latitude=-34.6, longitude=-58.4, aliases=[], position=50 + number,
            )
            for number, place in enumerate(_PLACES)
        )  # fmt: skip
        password_hash = hash_password(PASSWORD)  # one for all: hashing is slow on purpose
        people = [
            Operator(
                created_at=now, name=f"Operador {number:03}", email=operator_email(number),
                password_hash=password_hash, role=Role.OPERATOR, enabled=Enabled.YES,
            )
            for number in range(OPERATORS)
        ]  # fmt: skip
        limited = Operator(
            created_at=now, name="Operadora de dos sucursales", email=LIMITED, password_hash=password_hash,
            role=Role.OPERATOR, enabled=Enabled.YES,
        )  # fmt: skip
        session.add_all([*people, limited])
        session.flush()
        goods = load(session, now=now)
        branch_ids = tuple(sorted(branch.id for branch in session.query(Branch)))
        session.add_all(OperatorBranch(operator_id=limited.id, branch_id=each) for each in branch_ids[1:3])
        return Company(
            branch_ids=branch_ids,
            operator_ids=tuple(person.id for person in people),
            payment_ids=tuple(method.id for method in goods.payment_methods),
            products=goods.products,
        )
