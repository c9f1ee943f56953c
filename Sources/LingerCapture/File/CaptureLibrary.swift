private import CPcap

/// The file that libpcap is loaded from.
package enum CaptureLibrary {
  /// Why captures cannot be read, and what to do about it; nil where they can.
  package static var problem: String? {
    loadingProblem.map { reason in
      "the libpcap library cannot be loaded: \(reason); install it (Debian: apt-get install "
        + "libpcap0.8), or name its file in LINGER_PCAP"
    }
  }

  /// The first use loads it, once for the process.
  private static let loadingProblem: String? = unsafe cpcap_load().map {
    unsafe String(cString: $0)
  }

  /// Chooses another file than the system's; only before the first capture is opened.
  package static func choose(_ path: String) { unsafe cpcap_choose(path) }
}
