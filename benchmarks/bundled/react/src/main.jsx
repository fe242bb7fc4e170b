import React from "react";
import { createRoot } from "react-dom/client";
import { Search } from "./Search.jsx";
import { Tags } from "./Tags.jsx";

createRoot(document.getElementById("root")).render(
  <React.StrictMode>
    <Tags measurement="G-REACT12345" />
    <Search />
  </React.StrictMode>,
);
