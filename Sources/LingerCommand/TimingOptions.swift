import ArgumentParser

/// Limits of what decides timed properties.
struct TimingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take timed properties on up to this many locations of the control graph.",
      valueName: "count"
    )
  )
  var locationLimit: Int?

  mutating func validate() throws {
    if let locationLimit, locationLimit < 1 {
      throw ValidationError("--location-limit is 1 or more.")
    }
  }
}
