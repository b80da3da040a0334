// One touch records a dose as it is written down, given now.
import { app } from "../app";
import type { DueDose } from "../model/due";
import { plain } from "../model/titles";

export function give({ medicine, dose }: DueDose, after: () => void = () => undefined): Promise<void> {
  return app.once(`dose ${medicine.id}`, async () => {
    await app.create("dose", { medicine: medicine.id, happened_at: new Date().toISOString(), outcome: "given", amount: plain(dose), vomited_after: false, reason: "" });
    after();
  });
}
