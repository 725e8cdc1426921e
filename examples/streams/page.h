// The chat in a browser: it listens by EventSource and speaks by fetch(), without a library.
#pragma once

#include <string_view>

inline constexpr std::string_view kPage = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Chat</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
  #lines { list-style: none; padding: 0 }
  #lines b { color: #0b5 }
  form { display: flex; gap: .5rem }
  input[name=text] { flex: 1 }
</style>
<h1>Chat</h1>
<p id="state">connecting</p>
<ul id="lines"></ul>
<form>
  <input name="name" value="browser" size="8" aria-label="name">
  <input name="text" placeholder="say something" autofocus aria-label="text">
  <button>Say</button>
</form>
<script>
  const lines = document.getElementById("lines");
  const state = document.getElementById("state");
  // What the server streams to everybody: one line of JSON an event.
  const room = new EventSource("/streams.Chat/Listen");
  room.onopen = () => state.textContent = "listening";
  room.onerror = () => state.textContent = "lost; the browser connects again";
  room.onmessage = event => {
    const { name, text } = JSON.parse(event.data);
    const line = document.createElement("li");
    const who = document.createElement("b");
    who.textContent = name + " ";
    line.append(who, text);
    lines.append(line);
  };
  document.querySelector("form").onsubmit = async event => {
    event.preventDefault();
    const { name, text } = event.target.elements;
    const answer = await fetch("/streams.Chat/Say", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name: name.value, text: text.value })
    });
    if (!answer.ok) state.textContent = (await answer.json()).message;
    text.value = "";
  };
</script>
</html>
)html";
