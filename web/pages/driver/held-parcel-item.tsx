import { type RefObject, useEffect, useRef, useState } from 'react';
import { isToCome } from '../../../protocol/lateness.ts';
import { useGlide } from '../../app/glide.ts';
import { useLoaded, useNow, useRestoredFocus } from '../../app/hooks.ts';
import { lines, oneLine } from '../../app/lines.ts';
import { Address } from '../../ui/address.tsx';
import { Due } from '../../ui/due.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { driver } from '../../words/driver.ts';
import { AddressTools } from './address-tools.tsx';
import { Distance } from './distance.tsx';
import type { DriverSession } from './driver-session.ts';
import { Handover, type HandoverAnswers, noAnswers } from './handover.tsx';
import styles from './held-parcel-item.module.css';
import { LatestNote } from './latest-note.tsx';
import { type LoadedProofs, loadProofs } from './load-proofs.ts';
import { NextSteps, type StopEnd } from './next-steps.tsx';
import { NotBefore } from './not-before.tsx';
import { OrderLabel } from './order-label.tsx';
import { SavedActions } from './saved-actions.tsx';
import { type HeldRow, isQuiet, type Toast } from './session-state.ts';
import { ParcelShop, shopName } from './shop-place.tsx';
import { StopRow } from './stop-row.tsx';
import { ToastButton } from './toast-button.tsx';

interface HeldParcelItemProps {
  session: DriverSession;
  item: HeldRow;
  isUp: boolean;
  /** Whether actions are saved on this device. */
  isKeeping: boolean;
  end: StopEnd;
  /** The head of its group says where to collect it. */
  isGrouped: boolean;
}

/** One held parcel: the open stop whole, any other as a row. */
export function HeldParcelItem(props: HeldParcelItemProps) {
  const { session, item, isUp, isKeeping } = props;
  const { status, toast, isOpen } = item;
  // A parcel claimed by hand comes with a toast. Its Claim button is gone, so it takes the focus.
  const keptFocus = useRestoredFocus<HTMLLIElement>(
    'button[data-size="big"], [role="group"][aria-labelledby] button',
    toast !== undefined,
  );
  return (
    <li {...keptFocus} className={styles['item']} data-status={status} data-job={isOpen}>
      {isOpen ? <OpenStop {...props} /> : <StopRow session={session} item={item} />}
      {!isOpen && !isUp && (
        <div className={styles['saved']}>
          <Saved session={session} item={item} isKeeping={isKeeping} />
        </div>
      )}
    </li>
  );
}

/** What was done without network. */
function Saved({ session, item, isKeeping }: Pick<HeldParcelItemProps, 'session' | 'item' | 'isKeeping'>) {
  const { key, known, pending, toast } = item;
  return (
    <SavedActions
      orderID={known.view.payload.orderID}
      pending={pending}
      isKeeping={isKeeping}
      hasUndo={toast?.kind === 'undo'}
      onUndo={(id) => session.commands.withdraw(key, id)}
    />
  );
}

/** `written`: opened to write one. */
type NotesState = 'folded' | 'shown' | 'written';

function useNotes(session: DriverSession, item: HeldRow) {
  const [notes, setNotes] = useState<NotesState>('folded');
  const showNotes = (state: NotesState) => {
    session.actions.open(item);
    if (notes === 'folded') void session.actions.readNotes(item.key);
    setNotes(state);
  };
  return { notes, showNotes };
}

/** The open stop: its address, notes and next steps. */
function OpenStop({ session, item, isUp, isKeeping, end, isGrouped }: HeldParcelItemProps) {
  const { key, known, toast } = item;
  const { payload } = known.view;
  const [handover, setHandover] = useState(noAnswers);
  const answer = (answers: HandoverAnswers) => {
    session.actions.open(item);
    setHandover(answers);
  };
  const proofs = useLoaded(loadProofs);
  const { notes, showNotes } = useNotes(session, item);
  const camera = useRef<HTMLInputElement>(null);
  const card = useRef<HTMLDivElement>(null);
  // A change of the order moves all below it.
  useGlide(card);
  return (
    <div ref={card} className={styles['open']}>
      {item.unseen && typeof proofs === 'object' && (
        <proofs.OrderChanges
          order={payload}
          unseen={item.unseen}
          onSeen={() => session.actions.confirmChanges(key)}
        />
      )}
      <ParcelFacts item={item} isUp={isUp} />
      {!isGrouped && <ParcelShop row={item} />}
      <div className={styles['reach']}>
        <Contact {...{ session, item, isUp, isKeeping, proofs, notes }} onNotes={showNotes} />
        {!isUp && <Saved session={session} item={item} isKeeping={isKeeping} />}
        {!handover.asksWhy && (
          <Evidence
            session={session}
            item={item}
            answers={handover}
            onChange={answer}
            onNote={() => showNotes('written')}
            camera={camera}
            proofs={proofs}
          />
        )}
        <div className={styles['actions']}>
          {item.unseen && (
            <button
              type="button"
              className={styles['changed']}
              onClick={() => card.current?.scrollIntoView({ block: 'start' })}
            >
              {driver().changed.title} ↑
              <OrderLabel id={payload.orderID} />
            </button>
          )}
          <NextSteps
            session={session}
            item={item}
            end={end}
            handover={handover}
            onChange={answer}
            proofs={proofs}
            camera={camera}
            toast={toast && <ToastLine session={session} item={item} toast={toast} />}
          />
        </div>
      </div>
    </div>
  );
}

interface EvidenceProps {
  session: DriverSession;
  item: HeldRow;
  answers: HandoverAnswers;
  onChange: (answers: HandoverAnswers) => void;
  /** Opens the notes to write one. */
  onNote: () => void;
  camera: RefObject<HTMLInputElement | null>;
  /** The code of the row of proofs. */
  proofs: LoadedProofs;
}

/** Who has the parcel, and the proofs that the shop asks for at its next step. */
function Evidence({ session, item, answers, onChange, onNote, camera, proofs }: EvidenceProps) {
  const { asked, known } = item;
  const { receivedBy, ...kinds } = asked;
  const isAsked = Object.values(kinds).some((wish) => wish !== undefined);
  return (
    <>
      {item.status === 'in-transit' && (
        <Handover
          orderID={known.view.payload.orderID}
          answers={answers}
          wish={receivedBy}
          onChange={onChange}
        />
      )}
      {isAsked && proofs === undefined && <div className={styles['proofsPlace']} />}
      {isAsked && proofs === 'missing' && <p className={styles['facts']}>{driver().proof.notLoaded}</p>}
      {isAsked && typeof proofs === 'object' && (
        <proofs.ProofRow
          session={session}
          item={item}
          isWanted={answers.asksProof}
          panel={answers.panel}
          onPanel={(panel) => onChange({ ...answers, panel })}
          onNote={onNote}
          camera={camera}
        />
      )}
    </>
  );
}

type ContactProps = Pick<HeldParcelItemProps, 'session' | 'item' | 'isUp' | 'isKeeping'> &
  Pick<EvidenceProps, 'proofs'> & { notes: NotesState; onNotes: (state: NotesState) => void };

/** The ways to the customer and the notes. */
function Contact({ session, item, isUp, isKeeping, proofs, notes, onNotes }: ContactProps) {
  const { key, known, status } = item;
  const { payload } = known.view;
  const showsNotes = notes !== 'folded';
  return (
    <>
      <AddressTools
        order={payload}
        isGoingBack={status === 'returning'}
        proofs={proofs}
        notes={item.notes.length}
        showsNotes={showsNotes}
        onSay={(sentence) => session.announcer.say('copy', () => sentence)}
        onNotes={() => onNotes(showsNotes ? 'folded' : 'shown')}
      />
      {showsNotes && typeof proofs === 'object' ? (
        <proofs.NoteThread
          item={item}
          isUp={isUp}
          isKeeping={isKeeping}
          isWriting={notes === 'written'}
          onSend={(text, isUrgent) => session.actions.note(key, text, isUrgent)}
        />
      ) : (
        <LatestNote notes={item.notes} />
      )}
    </>
  );
}

/** Status, address, customer and ids of a parcel. */
function ParcelFacts({ item, isUp }: { item: HeldRow; isUp: boolean }) {
  const { payload } = item.known.view;
  // On the way back, the customer's address is not the destination.
  const isGoingBack = item.status === 'returning';
  return (
    <>
      <StatusLine item={item} isUp={isUp} />
      <h3 className={styles['address']}>
        {isGoingBack ? (
          <PhraseText phrase={driver().hand.backTo(<bdi>{shopName(item)}</bdi>)} />
        ) : (
          <Address text={payload.address} />
        )}
      </h3>
      <p className={styles['customer']}>
        <bdi>{oneLine(payload.customer)}</bdi>
        {isGoingBack && (
          <>
            , <Address text={payload.address} />
          </>
        )}
      </p>
      <p className={styles['facts']}>
        <bdi className={styles['id']}>{payload.orderID}</bdi>
        <bdi>{shopName(item)}</bdi>
      </p>
      {payload.note !== undefined && (
        <p className={styles['note']}>
          <bdi>{lines(payload.note)}</bdi>
        </p>
      )}
    </>
  );
}

/** Status, due time and attempts of a parcel. */
function StatusLine({ item, isUp }: { item: HeldRow; isUp: boolean }) {
  const { status, pending, next } = item;
  const { attempts, payload } = item.known.view;
  return (
    <div className={styles['facts']}>
      <StatusMark status={status} look="chip" />
      <NotBefore payload={payload} />
      {payload.dueAt !== undefined && isToCome(status) && (
        <Due view={{ ...item.known.view, status }} at={payload.dueAt} />
      )}
      <Distance order={payload} />
      {pending.length > 0 && isUp && <span className={styles['sending']}>{driver().sending}</span>}
      {attempts > 0 && <span>{driver().hand.attempts(attempts)}</span>}
      {next && <AutoStepCountdown next={next} />}
    </div>
  );
}

function AutoStepCountdown({ next: { event, at } }: { next: NonNullable<HeldRow['next']> }) {
  // Renders every second. The plan is by this device's clock.
  useNow();
  const seconds = Math.max(1, Math.round((at - Date.now()) / 1_000));
  const { hand } = driver();
  return <span>{event === 'delivered' ? hand.deliversIn(seconds) : hand.picksUpIn(seconds)}</span>;
}

function ToastLine({ session, item, toast }: { session: DriverSession; item: HeldRow; toast: Toast }) {
  const line = useRef<HTMLDivElement>(null);
  // What comes with a step is seen whole, so that its bar lies over nothing that can be pressed. A claim scrolls nothing: the
  // driver may want the next offer.
  useEffect(() => {
    if (toast.kind === 'undo' && !toast.isQuiet && toast.of !== 'claimed')
      line.current?.closest('li')?.scrollIntoView({ block: 'nearest' });
  }, [toast]);
  return (
    <div ref={line} className={styles['toast']} data-quiet={isQuiet(toast)}>
      <p className={isQuiet(toast) ? 'visually-hidden' : undefined}>{toast.text}</p>
      <ToastButton session={session} item={item} toast={toast} />
    </div>
  );
}
