// KubeFed's own commands, unchanged, as one program: its controller-manager, or kubefedctl, by the first argument. The
// controller-manager ends with whoever started it: when its standard input closes.
package main

import (
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/kubefed/cmd/controller-manager/app"
	"sigs.k8s.io/kubefed/pkg/kubefedctl"
)

func main() {
	name := ""
	if len(os.Args) > 1 {
		name = os.Args[1]
		os.Args = append([]string{name}, os.Args[2:]...)
	}
	run := func() error { return fmt.Errorf("expected controller-manager or kubefedctl, found %q", name) }
	switch name {
	case "controller-manager":
		go func() {
			io.Copy(io.Discard, os.Stdin)
			os.Exit(0)
		}()
		run = app.NewControllerManagerCommand(make(chan struct{})).Execute
	case "kubefedctl":
		run = kubefedctl.NewKubeFedCtlCommand(os.Stdout).Execute
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
