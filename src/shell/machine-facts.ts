/** The machines that docs/fidelity.md describes, and the laptop. */
export const KERNEL_VERSION = "6.1.0-31-amd64";
export const KERNEL_BUILD = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.128-1 (2025-02-07)";
export const OS_NAME = "Debian GNU/Linux 12 (bookworm)";

export const OS_RELEASE = `PRETTY_NAME="${OS_NAME}"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`;
