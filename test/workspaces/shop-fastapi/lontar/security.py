from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, Request, status
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer

from lontar.config import settings
from lontar.db import Session
from lontar.models import Role, User

oauth2_scheme = OAuth2PasswordBearer(tokenUrl=f"{settings.api_prefix}/auth/token")
optional_scheme = OAuth2PasswordBearer(tokenUrl=f"{settings.api_prefix}/auth/token", auto_error=False)
webhook_key = APIKeyHeader(name="X-Webhook-Key")

credentials_error = HTTPException(
    status_code=status.HTTP_401_UNAUTHORIZED,
    detail="Could not validate credentials",
)


async def get_current_user(session: Session, token: Annotated[str, Depends(oauth2_scheme)]) -> User:
    try:
        payload = jwt.decode(token, settings.secret_key, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise credentials_error from None
    user = await session.get(User, payload["sub"])
    if user is None:
        raise credentials_error
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


class RequireRole:
    """Lets only some roles pass."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    def __call__(self, user: CurrentUser) -> User:
        if user.role not in self.roles:
            raise HTTPException(status.HTTP_403_FORBIDDEN, "Not permitted")
        return user


require_staff = RequireRole(Role.STAFF, Role.ADMIN)


async def limit_rate(request: Request) -> None:
    if getattr(request.app.state, "busy", False):
        raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS)
