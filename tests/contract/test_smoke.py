from tests.api import Api


async def test_s1(api: Api) -> None:
    client = await api.client()
    await api.contact(client["id"])
    assert len(await api.network(client["id"])) == 1
