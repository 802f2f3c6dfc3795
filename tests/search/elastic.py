"""A client of elasticsearch-py 8 that speaks to the OpenSearch-compatible server of the tests."""

import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from elastic_transport import Urllib3HttpNode
from elasticsearch import Elasticsearch

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


#: The two servers that the contract is tested against: the second one where there is one.
SERVERS = ("osmem", "elasticsearch")


def engines(server: str) -> Iterator[ElasticEngine]:
    """Yield an engine over an empty index of ``server``; skip where it is not to be had."""
    alias = f"test-{uuid.uuid4().hex[:12]}"
    if server == "elasticsearch":
        url = os.environ.get("ELASTICSEARCH_URL")
        if not url:
            pytest.skip("not run: ELASTICSEARCH_URL names no server")
        engine = ElasticEngine(make_client(url), alias=alias, index_body=bodies.index_body(replicas=0))
        yield from _set_up(engine)
        return
    from osmem_server import OsmemServer

    with OsmemServer.start() as started, started.clone() as clone:
        client = Elasticsearch(clone.url, node_class=CompatibleNode, request_timeout=20, max_retries=0)
        # Its light stemmer and custom elision are not Elasticsearch's; its built-in analyzers are.
        body = bodies.index_body("french", "standard", replicas=0)
        yield from _set_up(ElasticEngine(client, alias=alias, index_body=body))


def _set_up(engine: ElasticEngine) -> Iterator[ElasticEngine]:
    engine.setup()
    yield engine
    for name in engine.client.indices.get(index=f"{engine.alias}-*"):
        engine.client.indices.delete(index=name)
    engine.client.close()
