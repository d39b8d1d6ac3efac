from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, status
from fastapi.security import OAuth2PasswordRequestForm
from sqlalchemy import select

from lontar.db import Session
from lontar.models import User
from lontar.schemas import Token, UserCreate, UserRead
from lontar.security import CurrentUser

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/token")
async def issue_token(session: Session, form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Token:
    user = (await session.execute(select(User).where(User.email == form.username))).scalar_one_or_none()
    if user is None:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "Wrong name or password")
    return Token(access_token="…")


@router.post("/users", response_model=UserRead, status_code=status.HTTP_201_CREATED)
async def register(session: Session, data: UserCreate):
    user = User(**data.model_dump(exclude={"password"}), password_hash=data.password)
    session.add(user)
    await session.commit()
    return user


@router.get("/me", response_model=UserRead)
async def who_am_i(user: CurrentUser):
    return user
