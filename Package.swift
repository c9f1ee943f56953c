// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every target: no exceptions to remember.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "linger",
  products: [
    .library(name: "Linger", targets: ["Linger"]),
    .executable(name: "linger", targets: ["LingerCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .target(name: "LingerDiagnostics", swiftSettings: settings),
    .target(
      name: "LingerSyntax", dependencies: ["LingerDiagnostics"], swiftSettings: settings),
    .target(name: "LingerModel", dependencies: ["LingerDiagnostics"], swiftSettings: settings),
    .target(
      name: "LingerSema", dependencies: ["LingerSyntax", "LingerModel", "LingerDiagnostics"],
      swiftSettings: settings),
    .target(
      name: "LingerEval", dependencies: ["LingerModel", "LingerDiagnostics"],
      swiftSettings: settings),
    .target(name: "CPrefetch"),
    .target(
      name: "LingerExplore",
      dependencies: ["LingerEval", "LingerModel", "LingerDiagnostics", "CPrefetch"],
      swiftSettings: settings),
    .target(
      name: "LingerReport", dependencies: ["LingerModel", "LingerDiagnostics"],
      swiftSettings: settings),
    .target(
      name: "Linger",
      dependencies: [
        "LingerSema", "LingerSyntax", "LingerExplore", "LingerEval", "LingerReport",
        "LingerModel", "LingerDiagnostics",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "LingerCommand",
      dependencies: [
        "Linger", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
  ]
)
