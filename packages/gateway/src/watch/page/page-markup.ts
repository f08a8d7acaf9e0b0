/** What is the same whatever is seen; the script fills it. */
export const pageMarkup = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdfast gateway</title>
<link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:,">
</head>
<body>
<header><h1>Gateway</h1><span id="connection" role="status" class="soft">not connected</span>
<button id="pause" type="button" aria-pressed="false" hidden>Pause</button></header>
<form id="enter" hidden>
<p><label for="token">Token of <code>gateway.watch</code></label><br>
<input id="token" type="password" autocomplete="off" required> <button>Look</button></p>
<p id="refused" role="alert" class="bad"></p>
</form>
<main id="seen" hidden>
<h2 id="alarms-title">Alarms</h2><div id="alarms"></div>
<h2>Requests a second, the last two minutes</h2>
<p class="soft"><span class="good">—— answered</span> &nbsp; <span class="bad">- - refused</span> &nbsp; <span id="most"></span></p>
<svg id="chart" viewBox="0 0 600 100" preserveAspectRatio="none" role="img" aria-label="requests a second"></svg>
<div id="routes"></div>
<h2>Callers</h2><div class="scroll" tabindex="0" role="region" aria-label="callers"><table id="callers"></table></div>
<h2>Who was held back, and why</h2><div class="scroll" tabindex="0" role="region" aria-label="held back"><table id="throttled"></table></div>
</main>
<noscript>This page needs its own script.</noscript>
<script src="/page.js"></script>
</body>
</html>
`;
