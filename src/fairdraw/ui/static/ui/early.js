// Holds back a form that locks a share until draw.js has run: a quick press must not send it without its
// commitment. Loaded before the page's body; where draw.js cannot be had the form goes as it is, without script.
(function () {
  var waiting = null;
  var hold = function (event) {
    if (!event.target.matches("form[data-lock], form[data-device]")) return;
    event.preventDefault();
    waiting = [event.target, event.submitter];
  };
  document.addEventListener("submit", hold, true);
  window.addEventListener("load", function () {
    document.removeEventListener("submit", hold, true);
    if (waiting) waiting[0].requestSubmit(waiting[1]);
  });
})();
