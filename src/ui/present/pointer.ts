/** Where the pointer was last, so that the laser's dot begins there. */
export const pointer = { x: -100, y: -100 };

export function followPointer(): void {
  window.addEventListener(
    "pointermove",
    ({ clientX, clientY }) => Object.assign(pointer, { x: clientX, y: clientY }),
    { passive: true },
  );
}
