import { Component, type ReactNode } from 'react';
import type { PageName } from '../app/pages.ts';
import { shared } from '../words/shared.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { Shell } from './shell.tsx';

interface FailsafeProps {
  page: PageName;
  children: ReactNode;
}

/** The error boundary of a page. Actions that wait to be sent stay saved. */
export class Failsafe extends Component<FailsafeProps, { problem?: string }> {
  override state: { problem?: string } = {};

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { page, children } = this.props;
    const { problem } = this.state;
    if (problem === undefined) return children;
    const words = shared().shell;
    const reload = (
      <Button look="main" onClick={() => location.reload()}>
        {words.reload}
      </Button>
    );
    return (
      <Shell page={page}>
        <Banner tone="trouble" actions={reload}>
          {words.stopped(problem)}
        </Banner>
      </Shell>
    );
  }
}
