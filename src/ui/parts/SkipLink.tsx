/** First stop of the page: past the top bar. The address stays as it is, as its fragment may be a moment of a run. */
export function SkipLink() {
  return (
    // biome-ignore lint/a11y/useValidAnchor: it goes somewhere, only not by the address
    <a
      className="skip-link"
      href="#network"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById("network")?.focus();
      }}
    >
      Skip to the network
    </a>
  );
}
