// Runs before the first paint of every page that the server draws.
import { applyTheme } from "../night/theme";

applyTheme();
