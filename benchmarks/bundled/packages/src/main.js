import ReactGA from "react-ga4";
import mixpanel from "mixpanel-browser";
import { AnalyticsBrowser } from "@segment/analytics-next";
import { GOOGLE, MIXPANEL, SEGMENT } from "./ids.js";

ReactGA.initialize(GOOGLE);
ReactGA.event("results_opened", { page: location.pathname });

mixpanel.init(MIXPANEL, { autocapture: true });
mixpanel.track("Results Opened", { member_id: document.getElementById("member").value });
mixpanel.identify(document.getElementById("member").value);

const analytics = AnalyticsBrowser.load({ writeKey: SEGMENT });
analytics.track("Results Opened", { test_name: "HbA1c" });
