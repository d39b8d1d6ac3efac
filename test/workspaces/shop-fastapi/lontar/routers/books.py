from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Path, Query
from sqlalchemy import func, select, text

from lontar.db import Session
from lontar.models import Book, Tag
from lontar.schemas import BookCreate, BookFilter, BookRead, BookUpdate, Page
from lontar.security import require_staff

router = APIRouter()


def paging(page: int = 1, size: Annotated[int, Query(le=100)] = 20) -> tuple[int, int]:
    return page, size


@router.get("", response_model=Page[BookRead])
async def list_books(
    session: Session,
    filters: Annotated[BookFilter, Query()],
    paging: Annotated[tuple[int, int], Depends(paging)],
):
    page, size = paging
    query = select(Book).where(Book.deleted_at.is_(None)).order_by(Book.title)
    total = await session.scalar(select(func.count(Book.id)))
    books = (await session.scalars(query.offset((page - 1) * size).limit(size))).all()
    return {"items": books, "total": total}


@router.get("/search")
async def search_books(session: Session, q: str, order: str = "title") -> list[BookRead]:
    rows = await session.execute(text(f"SELECT * FROM books WHERE title ILIKE '%{q}%' ORDER BY {order}"))
    return list(rows.mappings())


@router.get("/{book_id}")
async def get_book(
    session: Session,
    book_id: Annotated[int, Path(ge=1)],
    accept_language: Annotated[str | None, Header()] = None,
) -> BookRead:
    book = await session.get(Book, book_id)
    if book is None:
        raise HTTPException(404)
    return book


@router.post("", response_model=BookRead, status_code=201, dependencies=[Depends(require_staff)])
async def create_book(session: Session, data: BookCreate):
    tags = (await session.scalars(select(Tag).where(Tag.name.in_(data.tags)))).all()
    book = Book(**data.model_dump(exclude={"tags"}), tags=tags)
    session.add(book)
    await session.commit()
    return book


@router.api_route("/{book_id}", methods=["PUT", "PATCH"], response_model=BookRead, dependencies=[Depends(require_staff)])
async def update_book(session: Session, book_id: int, data: BookUpdate):
    book = await session.get_one(Book, book_id)
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(book, name, value)
    await session.commit()
    return book


@router.delete("/{book_id}", status_code=204)
async def delete_book(session: Session, book_id: int) -> None:
    book = await session.get_one(Book, book_id)
    await session.delete(book)
    await session.commit()
