import type { ComponentProps } from 'react';
import styles from './button.module.css';

interface ButtonProps extends ComponentProps<'button'> {
  /** `main`: the primary action. `quiet`: no frame. `danger`: a destructive action. */
  look?: 'main' | 'plain' | 'quiet' | 'danger';
  /** `big`: for a thumb. `small`: within text or a table. */
  size?: 'small' | 'usual' | 'big';
}

export function Button({ look = 'plain', size = 'usual', type = 'button', className, ...rest }: ButtonProps) {
  const classes = className === undefined ? styles['button'] : `${styles['button']} ${className}`;
  return <button {...rest} type={type} className={classes} data-look={look} data-size={size} />;
}
