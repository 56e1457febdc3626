// Draws the API reference from the document of this server.
"use strict";

const place = document.getElementById("redoc");

// Beside this page, wherever a proxy has put it.
const description = new URL("swagger.json", document.baseURI).href;

const options = {
  expandResponses: "200",
  jsonSamplesExpandLevel: 4,
  nativeScrollbars: true,
  requiredPropsFirst: true,
  sanitize: true,
  theme: {
    typography: {
      fontFamily: "system-ui, sans-serif",
      headings: { fontFamily: "system-ui, sans-serif" },
      code: { fontFamily: "ui-monospace, monospace" },
    },
  },
};

if (typeof Redoc === "undefined") {
  place.firstElementChild.textContent = "The API reference could not be loaded. Please load this page again.";
} else {
  Redoc.init(description, options, place);
}
