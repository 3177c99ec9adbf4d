"""Every page of the site in headless Chromium: `pages.py FOLDER` makes the site there and looks at it.

At 400 and at 1,400 pixels no page is wider than the window, and nothing is said on the console. The search finds what it
is asked for, the switch changes dark and light, and a page works from a disk. No request goes to another machine. The last line
is `N passed, N failed`.
SPDX-License-Identifier: BSL-1.0
"""

import functools
import http.server
import json
import pathlib
import queue
import re
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIDTHS = (400, 1400)
SECONDS = 400
# Pages in frames of the wanted width, from one server, so that their documents can be measured.
HARNESS = """<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script>
const pages = PAGES, widths = WIDTHS, results = [];
const say = (name, good, more = "") => results.push([name, good, more]);
function open(frame, address) {
  return new Promise((done) => { frame.onload = () => done(frame.contentWindow); frame.src = address; });
}
async function look(queue) {
  const frame = document.createElement("iframe");
  frame.style = "height: 800px; border: 0";
  document.body.append(frame);
  for (let job; (job = queue.pop());) {
    const [page, width] = job;
    frame.style.width = width + "px";
    const w = await open(frame, "/" + page), d = w.document.documentElement;
    let more = "";
    if (d.scrollWidth > width) {
      const e = [...w.document.querySelectorAll("main *, header *, nav *")].find((x) => x.getBoundingClientRect().right > width + 1 && !x.closest(".scroll, pre"));
      more = `${d.scrollWidth} pixels` + (e ? `, ${e.tagName} ${e.textContent.slice(0, 60)}` : "");
    }
    say(`${page} at ${width}`, d.scrollWidth <= width && d.clientWidth > width - 40 && w.document.querySelector("h1") !== null, more);
    for (const r of w.performance.getEntriesByType("resource"))
      if (!r.name.startsWith(location.origin)) say(`${page} loads ${r.name}`, false);
  }
  frame.remove();
}
async function use() {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const w = await open(frame, "/reference/param/skew.html"), d = w.document;
  const box = d.getElementById("search"), list = d.getElementById("results");
  for (const [words, wanted] of [["pm::nn::linear", "nn/linear.html#nn-linear"], ["symmetric", "symmetric.html"], ["checkpoint safetensors", ".html"],
    ["torch.nn.Linear", "nn/linear.html#nn-linear"], ["learning on the device", "guide/firmware.html#learning"], ["accumulates", "guide/"],
    ["linear: 3 inputs expected, 2 given", "mistakes.html#"], ["linear: 99 inputs expected, 7 given", "mistakes.html#"], ["no_such_word_at_all", null]]) {
    box.value = words;
    box.dispatchEvent(new w.Event("input"));
    for (let k = 0; k < 100; ++k) {
      await new Promise((done) => setTimeout(done, 20));
      if (!list.hidden && (wanted === null ? !list.querySelector("a") : list.querySelector("a"))) break;
    }
    const first = list.querySelector("a");
    say(`search for ${words}`, wanted === null ? !first && list.textContent !== "" : first !== null && first.href.includes(wanted), first ? first.href : "");
  }
  const back = () => w.getComputedStyle(d.body).backgroundColor, before = back();
  d.getElementById("theme").click();
  const after = back();
  say("the switch changes the colours", before !== after, `${before} ${after}`);
  d.getElementById("theme").click();
  say("and back", back() === before);
  w.localStorage.removeItem("theme");
}
(async () => {
  const queue = pages.flatMap((page) => widths.map((width) => [page, width]));
  try {
    await use();
    await Promise.all([1, 2, 3, 4].map(() => look(queue)));
  } catch (e) { say("the harness: " + e, false); }
  await fetch("/results", { method: "POST", body: JSON.stringify(results) });
})();
</script>
"""


class Handler(http.server.SimpleHTTPRequestHandler):
    harness: bytes
    answers: queue.Queue

    def do_GET(self) -> None:
        if self.path != "/harness":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.harness)
        return None

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
        self.answers.put(json.loads(text))

    def log_message(self, *_: object) -> None:
        pass


def browser(profile: str, *options: str) -> list[str]:
    fixed = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-extensions --disable-background-networking".split()
    alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    return ["chromium", *fixed, alone, "--enable-logging=stderr", f"--user-data-dir={profile}", "--window-size=1600,1000", *options]


def console_of(said: str) -> list[str]:
    return [line for line in said.splitlines() if re.search(r":CONSOLE[(:]", line)]


def main() -> int:
    folder = pathlib.Path(sys.argv[1]).resolve()
    subprocess.run([sys.executable, ROOT / "src/docs/site.py", folder], check=True)
    pages = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.html"))
    Handler.harness = HARNESS.replace("PAGES", json.dumps(pages), 1).replace("WIDTHS", json.dumps(WIDTHS), 1).encode()
    Handler.answers = queue.Queue()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    results: list[tuple[str, bool, str]] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        log = pathlib.Path(work) / "said"
        with log.open("w") as to:
            address = f"http://127.0.0.1:{server.server_port}/harness"
            running = subprocess.Popen(browser(f"{work}/served", "--remote-debugging-port=0", address), stdout=to, stderr=to, stdin=subprocess.DEVNULL)
            try:
                results += Handler.answers.get(timeout=SECONDS)
            except queue.Empty:
                results.append(("Chromium answers", False, log.read_text()[-2000:]))
            finally:
                running.terminate()
                running.wait()
        said = console_of(log.read_text())
        results.append(("nothing on the console", not said, "\n".join(said[:5])))
        disk = subprocess.run(
            browser(f"{work}/disk", "--dump-dom", (folder / "guide/tutorial.html").as_uri()), capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
        )
        said = console_of(disk.stderr)
        results.append(("a page from a disk", not said and "Step 7" in disk.stdout, "\n".join(said[:5])))
    expected = len(pages) * len(WIDTHS)
    looked = sum(1 for name, *_ in results if re.search(r" at \d+$", name))
    results.append((f"all pages were looked at, {looked} of {expected}", looked == expected, ""))
    failed = [(name, more) for name, good, more in results if not good]
    for name, more in failed:
        print(f"FAILED: {name}: {more}")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


sys.exit(main())
