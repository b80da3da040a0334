"""The JSON face of the house: one API, its routers from the rooms, its errors with a field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from ninja.errors import ValidationError as SchemaError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.security import HttpBearer, SessionAuth

from quietdays.diary.clips_api import router as clips
from quietdays.diet.api import router as diet
from quietdays.diet.kitchen_api import router as kitchen
from quietdays.people.models import AccessToken
from quietdays.people.tokens import BadToken, open_token, use_token
from quietdays.quick.api import router as quick
from quietdays.reminders.api import router as reminders
from quietdays.sync.api import router as sync
from quietdays.web import api_examples


class SomebodyElse(Exception):
    """A phone sends what one person did while another one is signed in on it."""


class PhoneSession(SessionAuth):
    """The session's sign-in. What a phone kept of one person is never taken as another's."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        person = super().authenticate(request, key)
        meant = request.headers.get("X-Quietdays-Person")
        if person is not None and meant is not None and meant != str(person.pk):
            raise SomebodyElse
        return person


class ProgramToken(HttpBearer):
    """A token of one child: `read` for GET, `log` for everything else.

    It stands before the session and in its place: who sends a token that does not work is not
    let in by a cookie. Nothing but a program can set the header, so there is no CSRF to check.
    """

    def authenticate(self, request: HttpRequest, token: str) -> AccessToken:
        found = open_token(token.strip())
        route = request.resolver_match
        asked = route.kwargs.get("child_id") if route else None
        if asked is None:
            raise PermissionDenied("A token opens one child; this is a person’s own address.")
        if not _is(asked, found.child_id):
            raise Http404
        use_token(found, "read" if request.method in ("GET", "HEAD") else "log")
        request.user = found.person
        return found


def _is(asked: object, child_id: UUID) -> bool:
    try:
        return UUID(str(asked)) == child_id
    except ValueError:
        return False


class DiaryAPI(NinjaAPI):
    """An API whose description holds a summary and worked examples for each operation."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        schemes = schema["components"]["securitySchemes"]
        schemes["QuickToken"] = {"type": "http", "scheme": "bearer"}
        for scheme, words in api_examples.SECURITY.items():
            schemes[scheme]["description"] = words
        for path in schema["paths"].values():
            for operation in path.values():
                api_examples.tell(operation["operationId"], operation)
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = DiaryAPI(
    title="Quiet Days",
    version="1",
    docs_url=None,  # it loads from elsewhere; the reference stands in the documentation
    auth=[ProgramToken(), PhoneSession()],
    description="Entries of a child's diary. Sent twice with the same id, stored once. How entries "
    "are sent and read stands in docs/sync.md; tokens in docs/interoperability.md.",
)
api.add_router("", diet)
api.add_router("", kitchen)
api.add_router("", clips)
api.add_router("", sync)
api.add_router("", quick)
api.add_router("", reminders)


@api.exception_handler(ValidationError)
def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    detail = error.message_dict if hasattr(error, "error_dict") else {"entry": error.messages}
    return api.create_response(request, {"detail": detail}, status=422)


@api.exception_handler(SchemaError)
def _malformed(request: HttpRequest, error: SchemaError) -> HttpResponse:
    detail: dict[str, list[str]] = {}
    for problem in error.errors:
        place = [str(p) for p in problem["loc"] if p not in ("body", "query", "path")]
        detail.setdefault(".".join(place[1:] or place) or "entry", []).append(problem["msg"])
    return api.create_response(request, {"detail": detail}, status=422)


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=403)


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": "There is no such child."}, status=404)


@api.exception_handler(BadToken)
def _bad_token(request: HttpRequest, error: BadToken) -> HttpResponse:
    return _not_let_in(request, "This token does not work.", 'Bearer error="invalid_token"')


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _not_let_in(request, "Unauthorized", "Bearer")


def _not_let_in(request: HttpRequest, text: str, challenge: str) -> HttpResponse:
    response = api.create_response(request, {"detail": text}, status=401)
    response["WWW-Authenticate"] = challenge
    return response


@api.exception_handler(SomebodyElse)
def _somebody_else(request: HttpRequest, error: SomebodyElse) -> HttpResponse:
    text = "Somebody else is signed in on this phone now. Nothing was taken."
    return api.create_response(request, {"detail": text}, status=409)
