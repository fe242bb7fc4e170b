import { useEffect, useState } from "react";
import { EVENTS } from "./ids.js";
import { setUp, track } from "./track.js";

export function Search() {
  const [condition, setCondition] = useState("");

  useEffect(() => {
    setUp();
  }, []);

  const search = () => {
    track(EVENTS.search, { search_term: condition });
    window.gtag("event", EVENTS.search, { condition, page: location.href });
  };

  return (
    <form onSubmit={search}>
      <input name="condition" value={condition} onChange={(e) => setCondition(e.target.value)} />
      <button onClick={() => window.ttq.track("ClickButton", { content_name: EVENTS.pick })}>Search</button>
      <img alt="" src={`https://www.facebook.com/tr?id=162342481516008&ev=PageView&noscript=1`} />
    </form>
  );
}
