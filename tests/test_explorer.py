"""The page, used as a person would: by mouse and keyboard, in the dark, on a telephone, by ear, by a vandal."""

import json
import os
import re
import shutil
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import viz
from tinygrad_dnn import Tensor, explain
from viz.explorer.arrays import CELLS, packed

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None and not os.environ.get("TINYGRAD_BROWSER"):
    pytest.skip("no Chromium is installed", allow_module_level=True)

RNG = np.random.default_rng(3)
X, Y = RNG.normal(size=(3, 5)), np.array([[1.0, 0, 1, 0, 1]])
PARAMETERS = {
    "W1": RNG.normal(size=(4, 3)), "b1": RNG.normal(size=(4, 1)), "W2": RNG.normal(size=(1, 4)), "b2": np.zeros((1, 1)),
}  # fmt: skip
HOSTILE = [
    "<img src=x onerror=\"document.title='broken'\">", "</script><script>document.title='broken'</script>", '"quotes"',
    "a|b", "x" * 1_000, "שלום", "\u202eevil", "${1}{{DATA}}", "\\u003c\u2028",
]  # fmt: skip


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(p):
    Z1 = np.dot(p["W1"], X) + p["b1"]
    A1 = np.maximum(0, Z1)
    Z2 = np.dot(p["W2"], A1) + p["b2"]
    A2 = sigmoid(Z2)
    return Z1, A1, A2


def cost(p):
    A2 = forward(p)[2]
    return -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))


def wrong_gradients(p):
    Z1, A1, A2 = forward(p)
    dZ2 = A2 - Y
    dW2 = np.dot(dZ2, A1.T) / 5
    db2 = np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.dot(p["W2"].T, dZ2) * (Z1 > 0)
    return {"dW2": dW2, "db2": db2, "dW1": np.dot(dZ1, X.T) / 5, "db1": np.sum(dZ1, axis=1, keepdims=True) / 5}


@pytest.fixture(scope="module")
def browser():
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")  # no dot
        return {
            "plain": viz.page(cost, PARAMETERS).save(folder / "plain.html"),
            "wrong": viz.page(cost, PARAMETERS, wrong_gradients).save(folder / "wrong.html"),
        }


@pytest.fixture
def opened(browser, files):
    """Opens a page of the files in a window of its own; afterwards nothing may have gone wrong in it."""
    contexts, problems = [], []

    def open_page(name="plain", address="", **options):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 950}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: problems.append(str(e)))
        path = files.get(name, name)
        page.on(
            "request", lambda r: None if r.url.startswith((path.as_uri(), "data:", "blob:")) else problems.append(r.url)
        )
        context.set_offline(True)
        page.goto(path.as_uri() + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def step(page):
    return page.locator("#count").inner_text()


def cells(page, key):
    rows = page.locator(f'[data-key="{key}"] tr').all()
    return [[float(c.replace("−", "-")) for c in row.locator("td").all_inner_texts()] for row in rows]


def test_arrows_and_buttons_step_through_it(opened):
    page = opened()
    assert step(page) == "step 1 of 14"
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Forward one step").click()
    assert step(page) == "step 3 of 14"
    page.get_by_role("button", name="Back one step").click()
    page.keyboard.press("End")
    assert step(page) == "step 14 of 14"
    page.keyboard.press("ArrowRight")
    assert step(page) == "step 14 of 14"
    page.keyboard.press("b")
    assert page.locator("#heading").inner_text() == "Start at the cost"
    page.keyboard.press("f")
    page.keyboard.press("ArrowLeft")
    assert step(page) == "step 1 of 14"
    page.locator(".tick", has_text=re.compile("^dZ1$")).click()
    assert page.locator("#phase").inner_text().lower() == "backward"


@pytest.mark.thorough
def test_it_plays_and_pauses(opened):
    page = opened()
    page.keyboard.press(" ")
    playwright.expect(page.locator("#count")).to_have_text("step 2 of 14", timeout=6000)
    page.get_by_role("button", name="Pause").click()
    before = step(page)
    page.wait_for_timeout(2000)
    assert step(page) == before


def test_the_numbers_of_a_step_are_those_of_the_derivation(opened):
    page = opened(address="#step=12")
    values = explain(cost, parameters=PARAMETERS).values
    assert page.locator("#formulas code").first.inner_text() == "dZ1 = dA1 * (Z1 > 0)"
    np.testing.assert_allclose(cells(page, "0.0"), values["dA1"], atol=6e-4)
    np.testing.assert_array_equal(cells(page, "0.1"), values["Z1"] > 0)
    np.testing.assert_allclose(cells(page, "result"), values["dZ1"], atol=6e-4)
    page.locator('[data-key="result"] td').nth(6).hover()
    assert page.locator("#work").inner_text().startswith("dZ1[1, 1] = ")
    assert page.locator("td.lit").count() == 3


def test_the_sum_behind_an_entry_of_a_product_is_right(opened):
    page = opened(address="#step=13")
    page.locator('[data-key="result"] td').nth(4).hover()
    said = page.locator("#work").inner_text().replace("−", "-").replace("·", "*")
    left, middle, right = said.split(" = ")
    assert left == "dW1[1, 1]"
    assert eval(middle) == pytest.approx(float(right), rel=1e-3)
    assert float(right) == pytest.approx(explain(cost, parameters=PARAMETERS)["W1"].value[1, 1], rel=1e-3)


@pytest.mark.thorough
def test_a_sum_that_would_not_come_out_is_not_written(opened, tmp_path):
    rng = np.random.default_rng(1)
    T = rng.normal(size=(2, 3, 2))

    def deep(p):
        s = np.sum(p["V"] * T, axis=-1)
        v = np.dot(s, p["x"])
        return np.sum(v * p["y"])

    made = viz.page(deep, {"V": rng.normal(size=(2, 3, 2)), "x": rng.normal(size=3), "y": rng.normal(size=2)})
    page = opened(made.save(tmp_path / "deep.html"))
    written = 0
    for _ in range(len(page.locator(".tick").all())):
        for cell in page.locator('[data-key="result"] td').all():
            cell.hover()
            said = page.locator("#work").inner_text().replace("−", "-").replace("·", "*").replace("÷", "/")
            if said:
                written += 1
                _, formula, result = said.split(" = ")
                assert eval(formula) == pytest.approx(float(result), rel=1e-2, abs=1e-3), said
        page.keyboard.press("ArrowRight")
    assert written > 5


def test_broadcasting_is_drawn_as_such(opened):
    page = opened(address="#step=1")
    assert page.locator("td.ghost").count() == 4 * 4, "b1 has one column, and four more that repeat it"
    assert "repeated to (4, 5)" in page.locator("#tables").inner_text()


def test_where_two_paths_meet_their_contributions_are_added(opened, tmp_path):
    def residual(p):
        H = np.tanh(np.dot(p["W1"], X))
        R = H + np.dot(p["W2"], H)
        return np.mean(R**2)

    rng = np.random.default_rng(0)
    file = viz.page(residual, {"W1": rng.normal(size=(2, 3)), "W2": rng.normal(size=(2, 2))}).save(tmp_path / "r.html")
    page = opened(file)
    page.locator(".tick", has_text=re.compile("^dH$")).click()
    assert page.locator("#numbersheading").inner_text() == "Contributions, added"
    assert page.locator("#tables .between", has_text="+").count() == 1
    assert "what comes back is added" in page.locator("#notes").inner_text()


@pytest.mark.thorough
def test_predict_first_hides_the_result_until_it_is_asked_for(opened):
    page = opened(address="#step=12")
    page.keyboard.press("p")
    assert page.get_by_role("button", name="Predict first").get_attribute("aria-pressed") == "true"
    assert page.locator('[data-key="result"]').count() == 0
    assert page.locator("#ledger tr.now").inner_text().endswith("not yet")
    page.keyboard.press("Enter")
    assert page.locator('[data-key="result"]').count() == 1
    page.keyboard.press("ArrowRight")
    assert page.locator('[data-key="result"]').count() == 0
    page.get_by_role("button", name="Show it").click()
    assert page.locator('[data-key="result"]').count() == 1


def test_search_finds_a_variable_and_says_when_there_is_none(opened):
    page = opened()
    page.keyboard.press("/")
    page.keyboard.type("dA1")
    page.keyboard.press("Enter")
    assert page.locator("#formulas code").first.inner_text().startswith("dA1 = ")
    page.locator("#search").fill("nothing like it")
    assert page.locator(".node.faint").count() == page.locator(".node").count()
    page.keyboard.press("Enter")
    assert page.locator("#live").inner_text() == "Nothing is called nothing like it"
    page.keyboard.press("Escape")
    assert page.locator(".node.faint").count() == 0


@pytest.mark.thorough
def test_a_link_leads_to_a_step(opened):
    page = opened(address="#step=9&view=operations")
    assert page.locator("#view option:checked").inner_text() == "operations"
    assert step(page).startswith("step 9 of")
    page.evaluate("location.hash = '#step=3'")
    playwright.expect(page.locator("#count")).to_contain_text("step 3 of")
    assert opened(address="#step=99999").locator("#count").inner_text() == "step 14 of 14"
    assert opened(address="#step=no").locator("#count").inner_text() == "step 1 of 14"


@pytest.mark.thorough
def test_it_folds_and_unfolds_and_stays_at_its_step(opened):
    page = opened(address="#step=12")
    few = page.locator(".node").count()
    page.locator("#view").select_option(label="operations")
    assert page.locator(".node").count() > few
    assert page.locator("#formulas code").first.inner_text().startswith("dZ1 = ")


@pytest.mark.thorough
def test_what_repeats_has_the_steps_of_its_first_and_last_time(opened, tmp_path):
    def rnn(p):
        h = np.zeros((3, 2))
        for _ in range(100):
            z = np.dot(p["W"], h) + p["b"]
            h = np.tanh(z)
        return np.sum(h**2)

    made = viz.page(rnn, {"W": np.eye(3) / 2, "b": np.ones((3, 1))})
    page = opened(made.save(tmp_path / "rnn.html"))
    names = page.locator(".tick").all_inner_texts()
    assert {"h1", "h100", "dh1", "dh100"} <= set(names)
    assert "dh20" not in names
    assert "the others repeat what these do" in page.locator("#summary").inner_text()


@pytest.mark.thorough
def test_a_click_on_a_node_leads_to_its_step_and_so_does_the_keyboard(opened):
    page = opened(address="#step=12")
    page.get_by_role("button", name=re.compile("^W1, ")).click()
    assert page.locator("#formulas code").first.inner_text().startswith("dW1 = ")
    page.get_by_role("button", name=re.compile("^Z2, ")).focus()
    page.keyboard.press("Enter")
    assert page.locator("#formulas code").first.inner_text().startswith("dZ2 = ")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Z2, ")


@pytest.mark.thorough
def test_zooming_keeps_the_page_as_it_is(opened):
    page = opened()
    width = lambda: float(page.locator("#graph svg").get_attribute("width"))
    before = width()
    page.get_by_role("button", name="Zoom in").click()
    assert width() > before
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert width() < before
    page.keyboard.press("0")
    assert width() <= page.locator("#graph").bounding_box()["width"] + 1


def test_the_wrong_gradient_is_shown_where_it_is_with_its_fix(opened):
    page = opened("wrong")
    assert page.locator("#formulas code").first.inner_text().startswith("db2 = "), "it opens there"
    said = page.locator("#verdict").inner_text()
    assert "Yours is wrong: is 5 times the right one" in said
    assert "db2 = np.sum(dZ2, axis=1, keepdims=True) / " in said
    assert page.locator(".tick.wrong").all_inner_texts() == ["db2"]
    assert page.get_by_role("button", name=re.compile("^b2, .*its gradient is wrong")).count() == 1
    page.keyboard.press("End")
    assert "Yours is right" in page.locator("#verdict").inner_text()


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_reader_finds_no_serious_fault(opened, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened("wrong", color_scheme=scheme)
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    for key in ("", "Home", "p"):
        if key:
            page.keyboard.press(key)
        found = Axe().run(page).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")]
        assert serious == []


@pytest.mark.thorough
def test_what_happens_is_said_aloud(opened):
    page = opened()
    page.keyboard.press("End")
    assert page.locator("[role=status]").inner_text().startswith("Step 14 of 14, backward: db1 = ")


@pytest.mark.thorough
def test_the_tab_key_comes_by_everything(opened):
    page, seen = opened(), []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('data-go') || ''"))
    order = [seen.index(name) for name in ("view", "search", "predict", "theme", "first", "play", "tables")]
    assert order == sorted(order)


@pytest.mark.thorough
@pytest.mark.parametrize("width", [360, 768, 3840])
def test_it_fits_every_width(opened, width):
    page = opened("wrong", viewport={"width": width, "height": 900})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    page.keyboard.press("ArrowRight")
    assert page.locator("#formulas").is_visible()


@pytest.mark.thorough
def test_motion_is_reduced_where_it_is_asked_for(opened):
    style = "getComputedStyle(document.querySelector('.back.active')).animationName"
    assert opened(address="#step=12").evaluate(style) == "flow"
    assert opened(address="#step=12", reduced_motion="reduce").evaluate(style) == "none"


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["deuteranopia", "protanopia", "tritanopia", "achromatopsia"])
def test_roles_have_a_second_cue_beside_their_colour(opened, kind):
    page = opened(address="#step=12")
    page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": kind})
    style = lambda selector, name: page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).{name}")
    assert style(".edge.done", "strokeDasharray") == "none"
    assert style(".back", "strokeDasharray") != "none"
    assert {style(f"table.matrix.{role}", "borderLeftStyle") for role in ("gradient", "local")} == {"dashed", "dotted"}
    assert page.locator("#tables .role").all_inner_texts() == [
        "incoming gradient",
        "local derivative",
        "outgoing gradient",
    ]


@pytest.mark.thorough
def test_a_step_is_saved_as_a_picture_of_its_own(opened):
    page = opened(address="#step=12")
    with page.expect_download() as download:
        page.keyboard.press("s")
    assert download.value.suggested_filename == "step-12.svg"
    root = ET.parse(download.value.path()).getroot()
    texts = [t for t in root.itertext() if t.strip()]
    assert "dZ1 = dA1 * (Z1 > 0)" in texts
    assert sum(element.tag.endswith("rect") for element in root.iter()) > 20
    assert "var(--" not in ET.tostring(root, encoding="unicode").replace("fill: rgba(var(", "")


@pytest.mark.thorough
def test_names_are_text_whatever_they_are(opened, tmp_path):
    for number, name in enumerate(HOSTILE):
        W = Tensor(np.ones((2, 2)), name=name)
        J = np.sum(np.tanh(np.dot(W, np.eye(2))) ** 2)
        page = opened(viz.page(J, title=name).save(tmp_path / f"{number}.html"))
        page.keyboard.press("End")
        assert (
            page.locator("h1").inner_text().replace("\n", " ").strip()[:20] == name.replace("\u2028", " ").strip()[:20]
        )
        assert page.title() != "broken"
        assert page.locator("img").count() == 0


@pytest.mark.thorough
def test_a_script_that_somebody_adds_does_not_run(browser, files, tmp_path):
    text = files["plain"].read_text().replace("</body>", "<script>document.title = 'broken'</script></body>")
    (tmp_path / "tampered.html").write_text(text)
    page = browser.new_page()
    page.goto((tmp_path / "tampered.html").as_uri())
    assert page.locator("#count").inner_text() == "step 1 of 14"
    assert page.title() != "broken"
    page.close()


@pytest.mark.thorough
def test_it_prints_without_its_buttons(opened):
    page = opened(address="#step=12")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("#formulas").is_visible()


# What it is made of


def test_large_arrays_are_heat_maps_and_say_what_was_lost():
    table = np.zeros((100, 3))
    table[57, 1], table[0, 0] = -9.0, np.nan
    found = packed(table)
    assert (len(found["heat"]), len(found["heat"][0])) == (CELLS, 3)
    assert min(x for row in found["heat"] for x in row if x != "nan") == -9
    assert (found["min"], found["max"], found["lost"], found["shape"]) == (-9, 0, 1, [100, 3])
    assert packed(np.array([[np.inf, 0.5]]))["rows"] == [["∞", 0.5]]
    assert packed(np.array(["a"]))["text"] == "<U1, no numbers"


def test_the_page_is_one_file_that_says_where_its_code_is(files):
    text = files["plain"].read_text()
    assert not re.search(r"(src|href)=\"?https?:", text)
    data = json.loads(text.split('id="data">')[1].split("</script>")[0])
    assert [view["level"] for view in data["views"]] == ["variables", "layers", "operations"]
    assert "forward, test_explorer.py:" in text


def test_a_page_leaves_the_gradients_of_its_tensors_alone():
    W = Tensor(np.ones(2), name="W")
    A = W * 2
    J, other = np.sum(A), np.sum(A**2)
    other.backward()
    viz.page(J)
    np.testing.assert_array_equal(W.grad, [8.0, 8.0])


def data_of(page):
    """What the page shows, as the script reads it, its tables in place."""
    whole = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page.source, re.S)[1])

    def revived(value):
        if isinstance(value, list):
            return [revived(part) for part in value]
        if not isinstance(value, dict):
            return value
        if "@" in value:
            return whole["pool"][value["@"]]
        found = {key: revived(part) for key, part in value.items() if key != "#"}
        return found | (whole["pool"][value["#"]] if "#" in value else {})

    return revived(whole["views"])


def gradients_of_the_cost(p):
    """As wrong_gradients, but right, and with the 1/m in dZ2."""
    Z1, A1, A2 = forward(p)
    dZ2 = (A2 - Y) / 5
    dW2, db2 = np.dot(dZ2, A1.T), np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.dot(p["W2"].T, dZ2) * (Z1 > 0)
    return {"dW2": dW2, "db2": db2, "dW1": np.dot(dZ1, X.T), "db1": np.sum(dZ1, axis=1, keepdims=True)}


@pytest.mark.thorough
def test_its_formulas_are_in_the_convention_of_the_hand_written_ones():
    steps = {s["tick"]: s["code"] for s in data_of(viz.page(cost, PARAMETERS, gradients_of_the_cost))[0]["steps"]}
    assert steps["dZ2"] == "dZ2 = (A2 - Y) / m"
    assert steps["dW2"] == "dW2 = dZ2 @ A1.T"
    steps = {s["tick"]: s["code"] for s in data_of(viz.page(cost, PARAMETERS, wrong_gradients))[0]["steps"]}
    assert steps["dZ2"] == "dZ2 = A2 - Y"
    assert steps["dW2"] == "dW2 = 1 / m * (dZ2 @ A1.T)"


@pytest.mark.thorough
def test_the_fix_stands_beside_the_first_wrong_step():
    def both_wrong(p):
        g = gradients_of_the_cost(p)
        return g | {"dW2": 5 * g["dW2"], "db2": 5 * g["db2"]}

    steps = data_of(viz.page(cost, PARAMETERS, both_wrong))[0]["steps"]
    wrong = [s for s in steps if s.get("verdict") == "wrong"]
    assert [s["tick"] for s in wrong] == ["dW2", "db2"]
    assert ["fix" in s for s in wrong] == [True, False]


def test_nothing_forward_is_called_a_local_derivative_and_a_function_shows_what_it_is_of():
    steps = {s["tick"]: s for s in data_of(viz.page(cost, PARAMETERS))[0]["steps"] if s["phase"] == "forward"}
    assert {t["role"] for s in steps.values() for term in s["terms"] for t in term["tables"]} == {"value"}
    (term,) = steps["A1"]["terms"]
    assert (term["kind"], term["between"], term["tables"][0]["text"]) == ("function", "maximum", "Z1")


def test_a_number_before_a_sum_stands_before_each_part():
    def twice(p):
        H1 = np.tanh(np.dot(p["W"], X))
        H2 = np.dot(p["W"], H1)
        return np.sum((H2 - Y) ** 2) / 5

    (step,) = [s for s in data_of(viz.page(twice, {"W": np.eye(3)}))[0]["steps"] if s["tick"] == "dW"]
    assert step["code"].startswith("dW = 1 / m * (")
    assert [term["factor"] for term in step["terms"]] == ["0.2", "0.2"]


def test_the_next_mistake_is_a_key_away(opened):
    page = opened("wrong")
    assert page.locator("#verdict").is_visible()
    first = step(page)
    assert "Yours is wrong" in page.locator("#verdict").inner_text()
    page.keyboard.press("Home")
    assert not page.locator("#verdict").is_visible(), "a step forward has no verdict"
    page.keyboard.press("e")
    assert step(page) == first
    page = opened("plain")
    assert not page.get_by_role("button", name="Next mistake").is_visible()


@pytest.mark.thorough
def test_a_double_click_shows_what_a_node_is_made_of(opened):
    page = opened()
    before = page.locator("[data-node]").count()
    page.get_by_role("button", name=re.compile("^A2, ")).dblclick()
    assert page.locator("#view option:checked").inner_text() == "operations"
    assert page.locator("[data-node]").count() > before
    page = opened()
    page.keyboard.press("u")
    assert page.locator("#view option:checked").inner_text() == "operations"


def test_no_text_leaves_its_box(opened):
    page = opened()
    wide = """() => [...document.querySelectorAll("#graph g.node")].flatMap((g) => {
        const box = g.querySelector(".frame").getBBox();
        return [...g.querySelectorAll("text")].filter((t) => t.getBBox().x + t.getBBox().width > box.x + box.width + 1)
          .map((t) => t.textContent); })"""
    for name in ("variables", "operations"):
        page.locator("#view").select_option(label=name)
        assert page.evaluate(wide) == []


@pytest.mark.thorough
def test_on_a_telephone_nothing_of_a_table_is_out_of_reach(opened):
    page = opened("wrong", viewport={"width": 360, "height": 740})
    for _ in range(14):
        left = page.evaluate("document.querySelector('#tables').getBoundingClientRect().left")
        cut = page.evaluate(
            "[...document.querySelectorAll('#tables .block')].map((b) => b.getBoundingClientRect().left)"
        )
        assert min(cut, default=left) >= left - 1
        page.keyboard.press("ArrowLeft")


def test_in_a_notebook_it_shows_a_picture_where_no_script_may_run():
    bundle = viz.page(cost, PARAMETERS)._repr_mimebundle_()
    assert '<img alt="22 tensors, 14 steps from Z1 to db1"' in bundle["text/html"]
    assert 'sandbox="allow-scripts allow-downloads"' in bundle["text/html"], "and not allow-same-origin"
    assert "14 steps" in bundle["text/plain"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: viz.page(3.0), "page: a float came, a Tensor is expected"),
        (lambda: viz.page(cost), "needs its parameters"),
        (lambda: viz.page(np.tanh(Tensor(np.ones(3)))), r"page: J has shape \(3,\); expected is a cost"),
        (lambda: viz.page(np.sum(Tensor(np.ones(3))), gradients=wrong_gradients), "need the cost as a function"),
        (lambda: viz.page(cost, PARAMETERS).save("page.svg"), "a page ends in .html"),
    ],
)
def test_wrong_input_is_told_what_is_expected(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()
