"""Elasticsearch's engine over a server of the tests, which speaks as OpenSearch does, or over a real one."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from elastic_transport import Urllib3HttpNode
from elasticsearch import Elasticsearch
from osmem_server import OsmemServer

from search.engines.elastic import bodies
from search.engines.elastic.engine import ElasticEngine, make_client


class CompatibleNode(Urllib3HttpNode):
    """Asks in plain JSON, which OpenSearch understands, and signs the answers as Elasticsearch does."""

    def perform_request(self, *args: Any, headers: Any = None, **kwargs: Any) -> Any:
        plain = {
            name: value.replace("application/vnd.elasticsearch+", "application/").split(";")[0]
            for name, value in (headers or {}).items()
        }
        answer = super().perform_request(*args, headers=plain, **kwargs)
        answer.meta.headers["x-elastic-product"] = "Elasticsearch"
        return answer


@contextmanager
def engine_in_osmem(server: OsmemServer) -> Iterator[ElasticEngine]:
    """Give an engine over an empty index of the tests' own server."""
    with server.clone() as clone:
        client = Elasticsearch(clone.url, node_class=CompatibleNode, request_timeout=20, max_retries=0)
        # Its light stemmer and custom elision are not Elasticsearch's; its built-in analyzers are.
        body = bodies.index_body("french", "standard", replicas=0)
        with _prepared(ElasticEngine(client, alias="test", index_body=body)) as engine:
            yield engine


@contextmanager
def engine_in_elasticsearch() -> Iterator[ElasticEngine]:
    """Give an engine over an empty index of the server that ELASTICSEARCH_URL names; skip where it names none."""
    url = os.environ.get("ELASTICSEARCH_URL")
    if not url:
        pytest.skip("not run: ELASTICSEARCH_URL names no server")
    alias = f"test-{uuid.uuid4().hex[:12]}"
    with _prepared(ElasticEngine(make_client(url), alias=alias, index_body=bodies.index_body(replicas=0))) as engine:
        yield engine


@contextmanager
def _prepared(engine: ElasticEngine) -> Iterator[ElasticEngine]:
    engine.setup()
    yield engine
    for name in engine.client.indices.get(index=f"{engine.alias}-*"):
        engine.client.indices.delete(index=name)
    engine.client.close()
