import { copula, reach } from '../core/korean.ts';
import type { Piece } from './piece.ts';

const copulaAtEnd = new RegExp(`(?<=[\\p{L}\\p{N}"'”’」』)）%*])(?:${copula})!?$`, 'u');

/** Without the copula at the end: `서울입니다` -> `서울`. */
export function withoutCopula(piece: Piece): Piece {
  const from = Math.max(0, piece.text.length - reach);
  const ending = copulaAtEnd.exec(piece.text.slice(from));
  return ending === null || from + ending.index === 0 ? piece : piece.slice(0, from + ending.index);
}
