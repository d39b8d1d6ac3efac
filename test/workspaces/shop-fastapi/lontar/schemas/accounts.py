from datetime import date

from pydantic import EmailStr, Field

from lontar.schemas.base import Schema


class UserCreate(Schema):
    email: EmailStr
    password: str = Field(min_length=12)
    first_name: str
    last_name: str
    born_on: date | None = None


class UserRead(Schema):
    id: int
    email: EmailStr
    first_name: str
    last_name: str


class Token(Schema):
    access_token: str
    token_type: str = "bearer"
