"""Every number printed in scores and findings has a working that ends in a cell or a rule."""

import re
from collections.abc import Iterator

import pytest
from lxml import html

#: Digits that are no figures: years and annexes in labels, ids of checks, names of clauses, and
#: the factor of a percentage.
NO_FIGURE = re.compile(r"(19|20)\d\d ?年|附件\d|[A-H]-\d\d|〔\d{4}〕\d+号|U\+[0-9A-F]+|× 100%")
TABLES = ("t-scores", "t-base-indicators", "summary")
SECTIONS = ("findings-high", "findings-medium", "findings-low")


@pytest.fixture(scope="session", params=["department", "community-correction"])
def page(request, reports):
    """One report's page, parsed, and its elements by id."""
    tree = html.parse(reports[request.param] / "report.html").getroot()
    return tree, {element.get("id"): element for element in tree.iter() if element.get("id")}


def numbers_outside_links(element) -> Iterator[str]:
    """Give the texts with figures that no link surrounds."""
    for text in element.xpath(".//text()[not(ancestor::a) and not(ancestor::details)]"):
        if re.search(r"\d", NO_FIGURE.sub("", text)):
            yield text.strip()


def links_with_numbers(element) -> Iterator[str]:
    for link in element.xpath(".//a[@href]"):
        if re.search(r"\d", "".join(link.itertext())):
            yield link.get("href").removeprefix("#")


def ends(target: str, by_id: dict, seen: frozenset[str] = frozenset()) -> set[str]:
    """Follow a link through workings to the cells, lines and rules it ends in."""
    assert target in by_id, f"#{target} leads nowhere"
    if not target.startswith("w-"):
        return {target}
    assert target not in seen, f"#{target} rests on itself"
    operands = {
        link.get("href").removeprefix("#")
        for link in by_id[target].xpath(".//a[@href]")
        if not link.get("href").startswith("#n-")
    }
    inner = {t for t in operands if not (t.startswith("w-") and is_back(by_id[target], t))}
    assert inner, f"#{target} rests on nothing"
    return set().union(*(ends(t, by_id, seen | {target}) for t in inner))


def is_back(item, target: str) -> bool:
    """Whether the item's only links to a working are its way back."""
    links = item.xpath(f".//a[@href='#{target}']")
    return all("返回" in "".join(link.itertext()) for link in links)


@pytest.mark.slow
def test_every_number_leads_to_a_cell_or_a_rule(page):
    _, by_id = page
    followed = 0
    for name in (*TABLES, *SECTIONS):
        if name not in by_id:
            continue
        block = by_id[name]
        bare = [
            text
            for part in block.xpath(".//td | .//article//p | .//article//dd") or [block]
            for text in numbers_outside_links(part)
        ]
        assert not bare, f"{name}: numbers without a working: {bare[:5]}"
        for target in links_with_numbers(block):
            for end in ends(target, by_id):
                assert re.match(r"c\d+-\d+-\d+|l\d+|rule-|findings-|f-[a-h]-", end), (name, end)
                followed += 1
    assert followed > 100


@pytest.mark.slow
def test_every_link_has_its_target_and_ids_are_unique(page):
    tree, by_id = page
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = list(tree.xpath("//a/@href"))
    assert all(link.startswith("#") for link in links)
    assert {link[1:] for link in links} <= set(by_id)


@pytest.mark.slow
def test_every_working_leads_back_to_where_it_is_shown(page):
    _, by_id = page
    workings = [element for name, element in by_id.items() if name.startswith("w-")]
    assert len(workings) > 50
    for item in workings:
        backs = [link for link in item.xpath(".//a[@href]") if "返回" in "".join(link.itertext())]
        assert backs, f"{item.get('id')} has no way back"


@pytest.mark.slow
def test_every_cell_a_number_rests_on_leads_back_to_it(page):
    _, by_id = page
    cited = {
        link.get("href").removeprefix("#")
        for name, item in by_id.items()
        if name.startswith("w-")
        for link in item.xpath(".//a[@href]")
        if re.match(r"#(c\d+-\d+-\d+|l\d+)$", link.get("href"))
    }
    assert len(cited) > 30
    for anchor in cited:
        if "".join(by_id[anchor].itertext()).strip():
            targets = by_id[anchor].xpath(".//a/@href | ./ancestor::a/@href")
            assert targets, f"{anchor} has no way back"
            assert all(target.startswith(("#w-", "#f-")) for target in targets)
