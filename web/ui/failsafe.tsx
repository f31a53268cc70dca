import { Component, type ReactNode } from 'react';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { Shell } from './shell.tsx';

interface FailsafeProps {
  /** The page's name, as its shell has it. */
  page: string;
  children: ReactNode;
}

/** Stands in for a page that has thrown an error: React would leave it blank. Actions that wait to be sent stay saved. */
export class Failsafe extends Component<FailsafeProps, { problem?: string }> {
  override state: { problem?: string } = {};

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { page, children } = this.props;
    const { problem } = this.state;
    if (problem === undefined) return children;
    const reload = (
      <Button look="main" onClick={() => location.reload()}>
        Reload
      </Button>
    );
    return (
      <Shell page={page}>
        <Banner tone="trouble" actions={reload}>
          This page has stopped because of an error ({problem}). Reload it to go on: what was saved on this
          device is sent then.
        </Banner>
      </Shell>
    );
  }
}
