"""What every table shares: one metadata with a naming convention, and the column types.

All ids are text; minutes, seconds, minor units and UTC epoch milliseconds are ``bigint``.
"""
# ruff: noqa: ANN401 - a field's declaration stands where its type is expected

from typing import Any

from sqlalchemy import BigInteger, LargeBinary, MetaData, Table, Text
from sqlmodel import Field, SQLModel

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Row(SQLModel):
    """The base of all tables."""

    metadata = MetaData(naming_convention=NAMING)


def key(references: str | None = None) -> Any:
    """Return a text column of the primary key."""
    return Field(sa_type=Text, primary_key=True, foreign_key=references)


def big_key() -> Any:
    """Return a number of the primary key, given by us and never by the database."""
    options = {"autoincrement": False}
    return Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs=options)


def text(references: str | None = None, *, null: bool = False) -> Any:
    """Return a text column."""
    return Field(sa_type=Text, foreign_key=references, nullable=null)


def big(*, null: bool = False) -> Any:
    """Return a column of minutes, seconds, minor units, counters or instants."""
    return Field(sa_type=BigInteger, nullable=null)


def binary() -> Any:
    """Return a column of exact bytes."""
    return Field(sa_type=LargeBinary, nullable=False)


def core(model: type[Row]) -> Table:
    """Return the table behind a model, for Core statements."""
    return Row.metadata.tables[str(model.__tablename__)]
