"""The REST face in FHIR R4: read-only, one child a token, every answer and refusal as FHIR."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from quietdays.people.access import Act, require
from quietdays.people.models import AccessToken
from quietdays.people.tokens import BadToken, bearer_of, open_token, use_token
from quietdays.people.trail import Did, tell
from quietdays.sharing.fhir import search
from quietdays.sharing.fhir.bundles import patient_summary
from quietdays.sharing.fhir.capability import (
    DIARY_ID,
    capability_statement,
    diary_codes,
    outcome,
)
from quietdays.sharing.fhir.codes import Json
from quietdays.sharing.fhir.shelves import SHELVES, Reader
from quietdays.words import in_english

FHIR_JSON = "application/fhir+json"
_FORMATS = {"json", "application/json", FHIR_JSON}
View = Callable[..., Json]
_READING = ("GET", "HEAD")


class Refused(Exception):
    """An answer that is no resource: its status, FHIR's code for why, and the words."""

    def __init__(self, status: int, code: str, text: str) -> None:
        self.status, self.code, self.text = status, code, text
        super().__init__(text)


def _fhir(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view whose resource becomes the answer, and whose refusals OperationOutcomes.

    Sessions are not looked at, so there is no CSRF to check.
    """

    def wrap(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        @in_english
        def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                _check_method(request, methods)
                _check_format(request)
                return _answer(view(request, **kwargs), 200)
            except Refused as refused:
                response = _answer(outcome(refused.code, refused.text), refused.status)
                if refused.status == 401:
                    response["WWW-Authenticate"] = "Bearer"
                if refused.status == 405:
                    response["Allow"] = ", ".join(methods)
                return response

        return inner

    return wrap


@_fhir(*_READING)
def metadata(request: HttpRequest) -> Json:
    return capability_statement(_base(request), timezone.now())


@_fhir(*_READING)
def code_system(request: HttpRequest, key: str) -> Json:
    """The diary's own codes, for whoever reads a file of it: they name no child."""
    if key != DIARY_ID:
        _absent(f"CodeSystem/{key}")
    return diary_codes()


@_fhir(*_READING)
def read(request: HttpRequest, kind: str, key: str) -> Json:
    _check_kind(kind)
    reader = _reader(request)
    try:
        made = search.by_id(reader, kind, UUID(key))
    except ValueError:
        made = None
    return _absent(f"{kind}/{key}") if made is None else made


@_fhir(*_READING)
def find(request: HttpRequest, kind: str) -> Json:
    return _searched(request, kind, list(request.GET.lists()))


@_fhir("POST")
def find_by_post(request: HttpRequest, kind: str) -> Json:
    return _searched(request, kind, [*request.GET.lists(), *request.POST.lists()])


@_fhir(*_READING)
def summary(request: HttpRequest, key: str) -> Json:
    """The International Patient Summary of the token's child."""
    reader = _reader(request)
    if key.lower() != str(reader.child.pk):
        _absent(f"Patient/{key}")
    return patient_summary(reader.child, now=reader.now)


@_fhir(*_READING)
def absent(request: HttpRequest, rest: str = "") -> Json:
    raise Refused(404, "not-found", "There is nothing at this address; see metadata.")


def _searched(request: HttpRequest, kind: str, sent: list[tuple[str, list[Any]]]) -> Json:
    _check_kind(kind)
    reader = _reader(request)
    pairs = [(name, str(value)) for name, values in sent for value in values]
    is_lenient = "handling=lenient" in request.headers.get("Prefer", "")
    base = _base(request)
    try:
        asked = search.read(kind, pairs, base=base, is_lenient=is_lenient)
    except search.BadSearch as error:
        raise Refused(400, "invalid", str(error)) from error
    return search.bundle(search.find(reader, asked), asked, base)


def _reader(request: HttpRequest) -> Reader:
    """The child that the request's token opens; the request is noted for the family."""
    try:
        token: AccessToken = open_token(bearer_of(request) or "")
    except BadToken:
        raise Refused(401, "login", "A token is needed that works.") from None
    try:
        require(token.person, token.child, Act.READ)
        use_token(token, AccessToken.Scope.FHIR)
    except PermissionDenied as error:
        raise Refused(403, "forbidden", str(error)) from error
    program = f"the program “{token.name}”"
    tell(request, Did.SAW, token.child, person=token.person, device=program)
    return Reader(token.child, timezone.now())


def _check_method(request: HttpRequest, methods: tuple[str, ...]) -> None:
    if request.method not in methods:
        raise Refused(405, "not-supported", "This face is for reading: nothing can be written.")


def _check_format(request: HttpRequest) -> None:
    wanted = request.GET.get("_format", "json").partition(";")[0].replace(" ", "+")
    if wanted not in _FORMATS:
        raise Refused(
            406,
            "not-supported",
            f"This server speaks {FHIR_JSON} alone.",
        )


def _check_kind(kind: str) -> None:
    if kind not in SHELVES:
        raise Refused(404, "not-supported", "This server has no such type; see metadata.")


def _absent(what: str) -> NoReturn:
    raise Refused(404, "not-found", f"There is no {what}.")


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/fhir")


def _answer(made: Json, status: int) -> HttpResponse:
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(text, content_type=f"{FHIR_JSON}; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
