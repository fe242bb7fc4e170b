"""Which reader understands which kind of manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from analyzer.model import Fact, Skip, Source
from analyzer.parse.manifests import (
    composer,
    dotnet,
    elixir,
    golang,
    jvm,
    locks,
    npm,
    platforms,
    pypi,
    ruby,
    rust,
    swift,
)

READERS: Mapping[str, Callable[[Source], Iterator[Fact | Skip] | Iterator[Fact]]] = {
    "npm": npm.manifest,
    "npm-lock": npm.package_lock,
    "pnpm-lock": npm.pnpm_lock,
    "yarn-lock": locks.yarn,
    "bun-lock": locks.bun,
    "requirements": pypi.requirements,
    "pyproject": pypi.pyproject,
    "pipfile": pypi.pipfile,
    "pipfile-lock": pypi.pipfile_lock,
    "python-lock": locks.python,
    "setup-cfg": pypi.setup_cfg,
    "setup-py": pypi.setup_py,
    "gemfile": ruby.gemfile,
    "gemfile-lock": ruby.gemfile_lock,
    "gemspec": ruby.gemspec,
    "composer": composer.manifest,
    "composer-lock": composer.lock,
    "pom": jvm.pom,
    "gradle": jvm.gradle,
    "gradle-catalogue": jvm.catalogue,
    "nuget": dotnet.manifest,
    "nuget-lock": dotnet.lock,
    "podfile": ruby.podfile,
    "podfile-lock": ruby.podfile_lock,
    "podspec": ruby.podspec,
    "swift": swift.manifest,
    "cartfile": swift.cartfile,
    "go": golang.manifest,
    "mix": elixir.manifest,
    "mix-lock": elixir.lock,
    "cargo": rust.manifest,
    "cargo-lock": rust.lock,
    "xcode": swift.project,
    "pubspec": platforms.pubspec,
    "pubspec-lock": locks.pubspec,
    "drupal-extensions": platforms.drupal_extensions,
    "drupal-info": platforms.drupal_info,
    "wordpress-plugin": platforms.wordpress_plugin,
    "shopify": platforms.shopify_settings,
}
