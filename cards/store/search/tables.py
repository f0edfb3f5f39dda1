"""The tables of the index that every database has alike. The text lies in one more, see `text`."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, String, Table

LAYOUT = 1  # raise it when a table or the way of folding changes: an index of another layout is made again

METADATA = MetaData()

STATE = Table(
    "search_state",
    METADATA,
    Column("layout", Integer, primary_key=True, autoincrement=False),
    Column("engine", String, nullable=False),  # what searches the text
    Column("digest", String, nullable=False),  # of the deck that is indexed
    Column("writing", String, nullable=False),  # another name each time: the same deck may get other numbers
)

CARD = Table(
    "search_card",
    METADATA,
    Column("number", Integer, primary_key=True),  # by which the text is found
    Column("card_id", String, nullable=False, unique=True),
    Column("text_digest", String, nullable=False),
    Column("section", String, nullable=False),
    Column("title", String, nullable=False),  # of the section, folded, to order by
    Column("track", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("place", Integer, nullable=False),  # in the book
    Index("ix_search_card_section", "section"),
    Index("ix_search_card_place", "place", "card_id"),  # all cards in order, without sorting them
)

TAG = Table(
    "search_tag",
    METADATA,
    Column("tag", String, primary_key=True),  # each with those above it
    Column("number", Integer, primary_key=True, autoincrement=False),
    Index("ix_search_tag_number", "number"),
)
