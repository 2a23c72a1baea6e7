import { expose } from "comlink";
import { SimulationHost } from "./simulation";

expose(new SimulationHost());
